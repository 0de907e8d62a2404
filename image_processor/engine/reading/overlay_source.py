"""An image that a watermark lays over the picture: its facts, and its pixels at a size."""

from __future__ import annotations

from dataclasses import dataclass, field

from PIL import Image

from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.limits import Limits
from image_processor.engine.pixels.fused_geometry import Geometry, Scale
from image_processor.engine.pixels.resample import full_box
from image_processor.engine.reading.decode import open_source
from image_processor.engine.reading.decode_cost import compose_bytes, decode_bytes
from image_processor.engine.reading.inspection import inspect
from image_processor.engine.reading.orientation import as_stored
from image_processor.engine.reading.working_mode import working_frame

# An overlay of up to this many pixels is kept for the next frame of an animation. A larger one is
# not, because no plan counts its memory; animations with many frames have small ones anyway.
_MAX_KEPT_PIXELS = 1_000_000
# The file, and what a decoder takes besides pixels.
_OVERHEAD_BYTES = 8_000_000


@dataclass
class Overlay:
    """One image by its facts and its bytes; `data` is None for planning alone.

    Only the first frame of an animation is used.
    """

    facts: Facts
    data: bytes | None = None
    _kept: dict[tuple[int, int], Image.Image] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, data: bytes, limits: Limits) -> Overlay:
        """Raises what `inspect` raises."""
        return cls(inspect(data, limits), data)

    @property
    def frame(self) -> Frame:
        """Upright size and working mode."""
        return working_frame(self.facts)

    def size_within(self, width: float, height: float) -> tuple[int, int]:
        """The size in pixels that fills `width` but is at most `height` high."""
        scale = min(width / self.facts.width, height / self.facts.height)
        return max(1, round(self.facts.width * scale)), max(1, round(self.facts.height * scale))

    def peak(self, size: tuple[int, int]) -> int:
        """Peak memory in bytes of `pixels(size)`."""
        scale = self._decode_scale(size)
        frame = self.frame
        decoding = max(decode_bytes(self.facts, frame, scale), compose_bytes(self.facts, frame))
        decoding += self.facts.size_bytes + _OVERHEAD_BYTES
        # The decoded pixels, and a second copy for premultiplying or for the first pass.
        resampling = frame.pixels // scale**2 * (13 if frame.has_alpha else 8)
        return max(decoding, resampling) + 16 * size[0] * size[1]

    def pixels(self, size: tuple[int, int]) -> Image.Image:
        """The image at `size`, RGBA. Raises InvalidImage if it is damaged."""
        if size not in self._kept:
            resized = self._decode(size)
            if size[0] * size[1] > _MAX_KEPT_PIXELS:
                return resized
            self._kept = {size: resized}
        return self._kept[size].copy()

    def _decode(self, size: tuple[int, int]) -> Image.Image:
        assert self.data is not None, "this overlay is for planning alone"
        frame = self.frame
        stored, upright = as_stored(self.facts, frame)
        opened = open_source(self.data, self.facts, stored, self._decode_scale(size), 1, "strip")
        (picture,) = opened.pictures()
        scaling = Scale(size, full_box(frame.size), "lanczos")
        geometry = Geometry.of(stored.width, stored.height, upright).then(scaling)
        assert geometry is not None
        return geometry.apply(picture.image).convert("RGBA")

    def _decode_scale(self, size: tuple[int, int]) -> int:
        """The largest JPEG scale that leaves at least twice as many pixels as `size` needs."""
        if self.facts.format not in ("JPEG", "MPO"):
            return 1
        for scale in (8, 4, 2):
            if (
                self.facts.width // scale >= 2 * size[0]
                and self.facts.height // scale >= 2 * size[1]
            ):
                return scale
        return 1

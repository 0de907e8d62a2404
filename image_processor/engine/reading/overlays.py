"""A picture that is laid over another: its facts for the plan, its pixels for the work."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PIL import Image

from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.limits import Limits
from image_processor.engine.pixels.colour import working_mode
from image_processor.engine.pixels.fusion_geometry import Geometry, Scale
from image_processor.engine.pixels.resample import whole
from image_processor.engine.planning.estimate import peak_bytes, work_cost
from image_processor.engine.reading.decode import open_source
from image_processor.engine.reading.inspection import inspect
from image_processor.engine.reading.orientation import as_stored
from image_processor.engine.writing.formats import OUTPUT_FORMATS

# Up to this many pixels a mark is kept for the next frame of an animation, whose frames are
# the smaller the more there are; a larger one would be memory that no plan knows of.
_KEPT_PIXELS = 1_000_000
_NOT_WRITTEN = replace(OUTPUT_FORMATS["PNG"], encode_bytes=(0, 0))


@dataclass
class Overlay:
    """One picture by its facts, and its bytes unless it is only planned with.

    Of an animation the first picture is taken.
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
        """Size and working mode, upright."""
        mode = working_mode(self.facts.mode, self.facts.has_alpha)
        return Frame(self.facts.width, self.facts.height, mode)

    @property
    def is_gray(self) -> bool:
        return self.frame.mode in ("L", "LA")

    @property
    def cost(self) -> float:
        """The work of decoding it once, in the units of a plan."""
        return work_cost(self.facts, self.frame, (), self.frame, 1, 1, _NOT_WRITTEN, 0)

    def size_within(self, width: float, height: float) -> tuple[int, int]:
        """Its size in pixels when it fills `width` but is no higher than `height`."""
        scale = min(width / self.facts.width, height / self.facts.height)
        return max(1, round(self.facts.width * scale)), max(1, round(self.facts.height * scale))

    def peak(self, size: tuple[int, int]) -> int:
        """The most bytes held while `pixels` makes it `size`."""
        scale = self._decode_scale(size)
        decoding = peak_bytes(self.facts, self.frame, (), _NOT_WRITTEN, 1, scale)
        # Decoded pixels, as much again for weighting them by alpha or for the first pass.
        resampling = self.frame.pixels // scale**2 * (13 if self.frame.has_alpha else 8)
        return max(decoding, resampling) + 16 * size[0] * size[1]

    def pixels(self, size: tuple[int, int]) -> Image.Image:
        """It at `size`, RGBA. Raises InvalidImage where it is damaged."""
        if size not in self._kept:
            made = self._resized(size)
            if size[0] * size[1] > _KEPT_PIXELS:
                return made
            self._kept = {size: made}
        return self._kept[size].copy()

    def _resized(self, size: tuple[int, int]) -> Image.Image:
        assert self.data is not None, "planned with only"
        scale = self._decode_scale(size)
        frame = self.frame
        stored, upright = as_stored(self.facts, frame)
        opened = open_source(self.data, self.facts, stored, scale, 1, "strip")
        (picture,) = opened.pictures()
        scaling = Scale(size, whole((frame.width, frame.height)), "lanczos")
        geometry = Geometry.of(stored.width, stored.height, upright).then(scaling)
        assert geometry is not None
        return geometry.apply(picture.image).convert("RGBA")

    def _decode_scale(self, size: tuple[int, int]) -> int:
        """The largest JPEG scale that leaves twice the pixels that are wanted."""
        if self.facts.format not in ("JPEG", "MPO"):
            return 1
        for scale in (8, 4, 2):
            if (
                self.facts.width // scale >= 2 * size[0]
                and self.facts.height // scale >= 2 * size[1]
            ):
                return scale
        return 1

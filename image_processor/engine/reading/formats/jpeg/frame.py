"""JPEG: the frame header, and the kinds of JPEG that are not read (ITU-T T.81, B.2.2 and B.2.3)."""

from __future__ import annotations

from dataclasses import dataclass

from image_processor.engine.reading.formats.jpeg.segments import Segment
from image_processor.engine.reading.formats.structure import unpack, unsupported

_READ = (0xC0, 0xC1, 0xC2, 0xC9, 0xCA)
_PROGRESSIVE = (0xC2, 0xCA)
_NOT_READ = {
    **dict.fromkeys((0xC3, 0xCB), "Lossless JPEG"),
    **dict.fromkeys((0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF, 0xDE), "Hierarchical JPEG"),
    0xF7: "JPEG-LS",
}


@dataclass(frozen=True, slots=True)
class JpegFrame:
    """The sides in pixels, the number of components, and whether the picture comes in passes."""

    width: int
    height: int
    components: int
    progressive: bool


def read_frame(data: bytes, segment: Segment) -> JpegFrame | None:
    """The frame header that `segment` is, or None. Raises UnsupportedFormat for a kind not read."""
    if segment.marker in _NOT_READ:
        raise unsupported(_NOT_READ[segment.marker])
    if segment.marker not in _READ:
        return None
    bits, height, width, components = unpack(">BHHB", data, segment.body, "the JPEG frame header")
    if bits != 8:
        raise unsupported(f"{bits}-bit JPEG")
    if components not in (1, 3, 4):
        raise unsupported(f"JPEG with {components} components")
    return JpegFrame(width, height, components, segment.marker in _PROGRESSIVE)


def first_pass(data: bytes, segment: Segment) -> frozenset[int]:
    """The components of which the scan at `segment` gives the first, coarsest pass."""
    count = data[segment.body]
    header = data[segment.body : segment.end]
    components = header[1 : 1 + 2 * count : 2]
    spectral_start, _, approximation = header[-3:].rjust(3, b"\xff")
    return frozenset(components if spectral_start == 0 and approximation >> 4 == 0 else ())

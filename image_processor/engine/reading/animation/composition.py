"""The whole pictures of an animation whose frames its codec does not compose as browsers do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PIL import Image

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.animation.apng_frames import decode_png, split_apng
from image_processor.engine.reading.animation.canvas import Canvas, Disposal, RawFrame
from image_processor.engine.reading.animation.gif_frames import decode_gif, split_gif
from image_processor.engine.reading.input_formats import INPUT_FORMATS

_ANIMATED_PNG = "image/apng"
# A frame of a GIF may reach over the canvas. It is decoded whole, a byte a pixel, before it is cut.
_MAX_OVERSIZE = 8
_SMALL_FRAME = 2_000_000

_SPLIT: dict[str, Callable[[bytes], Iterator[RawFrame]]] = {"GIF": split_gif, "PNG": split_apng}


def compose_frames(
    handle: Image.Image, data: bytes, count: int
) -> Iterator[tuple[Image.Image, float]] | None:
    """The first `count` whole pictures of a file that `handle` has opened, and their times in ms.

    None where the codec returns whole pictures: for all but GIFs and animated PNGs, and for one
    frame of a PNG that is its still picture as well. Composing would take more memory.
    """
    if count == 1 and handle.format == "PNG" and not getattr(handle, "default_image", False):
        return None
    frames = _split(handle, data)
    if frames is None:
        return None
    if handle.format == "GIF":
        mode, decode = "RGBA", decode_gif
    else:
        mode = "LA" if Image.getmodebase(handle.mode) == "L" else "RGBA"
        decode = partial(decode_png, mode=mode)
    info = {name: value for name, value in handle.info.items() if name != "transparency"}
    return Canvas(mode, handle.size, info).compose(frames, decode, count)


def frame_traits(handle: Image.Image, data: bytes) -> tuple[str, bool]:
    """The mode of a file that `handle` has opened, and whether clear parts of its canvas may show.

    Pillow's mode tells of the first frame; the colour tables of a GIF may differ. Raises
    InvalidImage for a frame that is much larger than the canvas.
    """
    gray, uncovered = True, False
    disposals: list[Disposal] = []
    for frame in _split(handle, data) or ():
        _check_size(frame, handle.size)
        gray &= frame.gray
        uncovered |= not disposals and not _covers(frame, handle.size)
        disposals.append(frame.disposal)
    # Nothing follows the last frame, so its disposal does not show. Undoing the first clears it.
    shown = disposals[:-1]
    clear = uncovered or Disposal.CLEAR in shown or shown[:1] == [Disposal.RESTORE]
    return (handle.mode if gray or handle.mode != "L" else "P"), clear


def _split(handle: Image.Image, data: bytes) -> Iterator[RawFrame] | None:
    name = handle.format or ""
    if name != "GIF" and getattr(handle, "custom_mimetype", None) != _ANIMATED_PNG:
        return None
    return _SPLIT[name](INPUT_FORMATS[name].repair(data))


def _check_size(frame: RawFrame, canvas: tuple[int, int]) -> None:
    limit = max(_SMALL_FRAME, _MAX_OVERSIZE * canvas[0] * canvas[1])
    if frame.width * frame.height > limit:
        raise InvalidImage(
            f"A frame of the animation has {frame.width}x{frame.height} pixels, more than "
            f"{limit} on a canvas of {canvas[0]}x{canvas[1]}.",
            limit=limit,
            actual=frame.width * frame.height,
        )


def _covers(frame: RawFrame, size: tuple[int, int]) -> bool:
    return frame.left == frame.top == 0 and frame.width >= size[0] and frame.height >= size[1]

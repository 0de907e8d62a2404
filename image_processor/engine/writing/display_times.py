"""The display times of an animation, in numbers that its format can say.

Times that a format rounds are rounded at the end of each frame, so that their sum stays right.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from PIL import Image

from image_processor.engine.reading.decode import Picture

# A GIF counts hundredths of a second, in 16 bits. Browsers show one of them, or none, as ten.
_GIF_UNIT = 10
_GIF_SHORTEST = 2
_GIF_LONGEST = 65_535
# An animated PNG has a fraction of a second, with 16 bits for each of its numbers.
_PNG_LARGEST = 65_535
# A WebP has 24 bits for the milliseconds of a frame; the codec counts all of them in 31 bits.
_WEBP_LONGEST = 2**24 - 1
_WEBP_LONGEST_SUM = 2**31 - 1


def fit_times(pictures: list[Picture], format_name: str) -> int:
    """Give each of `pictures` the nearest time that the format can say; return how many it drops.

    A GIF has at most 50 frames a second. Frames whose time would be over before they begin are
    taken out of `pictures`. The first and the last frame stay.
    """
    if len(pictures) == 1:
        return 0
    if format_name != "GIF":
        for picture in pictures:
            picture.duration = _nearest(picture.duration, format_name, len(pictures))
        return 0
    times = _fit_gif([picture.duration for picture in pictures])
    kept = [pictures[index] for index in times]
    for picture, time in zip(kept, times.values(), strict=True):
        picture.duration = time
    dropped = len(pictures) - len(kept)
    pictures[:] = kept
    return dropped


def shorten_equal_frames(images: Sequence[Image.Image], times: list[float]) -> list[float]:
    """`times` of the frames of a GIF, so that no run of equal `images` lasts too long together.

    The codec makes one frame of such a run.
    """
    longest = _GIF_LONGEST * _GIF_UNIT
    if sum(times) <= longest:
        return times
    fitted = times[:1]
    run, last = times[0], images[0].convert("RGBA").tobytes()
    for image, time in zip(images[1:], times[1:], strict=True):
        pixels = image.convert("RGBA").tobytes()
        run = run if pixels == last else 0
        fitted.append(min(time, longest - run))
        run, last = run + fitted[-1], pixels
    return fitted


def _nearest(duration: float, format_name: str, count: int) -> float:
    if format_name == "WEBP":
        return min(duration, _WEBP_LONGEST, _WEBP_LONGEST_SUM // count)
    seconds = min(Fraction(duration) / 1000, Fraction(_PNG_LARGEST))
    if seconds.limit_denominator(_PNG_LARGEST).numerator <= _PNG_LARGEST:
        return float(seconds * 1000)
    units = next(units for units in (1000, 100, 10, 1) if seconds * units <= _PNG_LARGEST)
    return float(Fraction(round(seconds * units), units) * 1000)


def _fit_gif(durations: Sequence[float]) -> dict[int, int]:
    """The time in ms of each frame that is kept, by its index."""
    starts = {0: 0}
    total, previous, last = 0.0, 0, len(durations) - 1
    for index, duration in enumerate(durations):
        start = max(_units(total), starts[previous] + _GIF_SHORTEST)
        total += min(duration, _GIF_LONGEST * _GIF_UNIT)
        if index and (start < _units(total) or index == last):
            starts[index] = start
            previous = index
    latest = _units(total) - _GIF_SHORTEST
    if starts[last] > latest:
        before = list(starts)[-2]
        if latest >= starts[before] + _GIF_SHORTEST:
            starts[last] = latest
        elif before:
            starts[last] = starts.pop(before)
    ends = [*list(starts.values())[1:], max(_units(total), starts[last] + _GIF_SHORTEST)]
    return {
        index: _GIF_UNIT * min(end - start, _GIF_LONGEST)
        for (index, start), end in zip(starts.items(), ends, strict=True)
    }


def _units(time: float) -> int:
    """`time` in ms as whole hundredths of a second."""
    return int(time / _GIF_UNIT + 0.5)

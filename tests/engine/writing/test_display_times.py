"""Display times keep their sum, and go to the nearest that the format of the result can say."""

import numpy as np
import pytest
from PIL import Image

from tests.engine.builders import encoded, frames_of, run, step
from tests.engine.files.animated import Part, apng, gif, plain

SIZE = (8, 6)


def sixty_a_second(name: str, count: int) -> bytes:
    colours = [(index, 0, 0, 255) for index in range(count)]
    if name == "PNG":
        return apng(SIZE, [Part(plain(c, SIZE), delay=1, unit=60) for c in colours])
    images = [Image.new("RGBA", SIZE, (2 * index, 0, 0, 255)) for index in range(count)]
    return encoded(
        images[0], "WEBP", save_all=True, append_images=images[1:], duration=16, lossless=True
    )


def times(data: bytes, target: str, **options: object) -> list[int]:
    return [time for _, time in frames_of(run(data, step("flip"), format=target, **options).data)]


def two_frames(*delays: int, unit: int = 100) -> list[Part]:
    colours = [(255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255)]
    pairs = zip(colours, delays, strict=False)
    return [Part(plain(colour, SIZE), delay=delay, unit=unit) for colour, delay in pairs]


@pytest.mark.rule(
    "PNG WEBP",
    "warned of",
    "A GIF result has at most 50 frames a second. Frames beyond that are left out, and the speed "
    "stays.",
)
@pytest.mark.parametrize(("name", "total"), [("PNG", 1000), ("WEBP", 960)])
def test_60_frames_a_second_keep_their_speed_in_a_gif(name: str, total: int) -> None:
    result = run(sixty_a_second(name, 60), step("flip"), format="gif")
    frames = frames_of(result.data)
    assert sum(time for _, time in frames) == total
    assert min(time for _, time in frames) == 20
    assert [warning["code"] for warning in result.warnings] == ["frames_left_out"]
    assert f"{60 - len(frames)} of the 60 frames" in result.warnings[0]["detail"]
    last = np.asarray(frames[-1][0])[0, 0, 0]
    assert last == (59 if name == "PNG" else 118)


def test_60_frames_a_second_keep_their_speed_elsewhere() -> None:
    data = sixty_a_second("PNG", 60)
    for target in ("webp", "png"):
        written = times(data, target, **({"lossless": True} if target == "webp" else {}))
        assert len(written) == 60
        assert sum(written) == pytest.approx(1000, abs=60 if target == "png" else 0)


@pytest.mark.rule(
    "PNG WEBP",
    "converted",
    "Times in a GIF result are whole hundredths of a second, at least two, with the same sum.",
)
@pytest.mark.parametrize(
    ("delays", "written"),
    [
        ((25, 25, 25), [30, 20, 30]),
        ((34, 33, 33), [30, 40, 30]),
        ((11, 11, 30), [20, 30]),  # the second would end before it begins
        ((100, 11), [90, 20]),
        ((11, 11), [20, 20]),
    ],
)
def test_hundredths_of_a_second_carry_what_they_cannot_say(
    delays: tuple[int, ...], written: list[int]
) -> None:
    assert times(apng(SIZE, two_frames(*delays, unit=1000)), "gif") == written


@pytest.mark.rule("GIF", "converted", "A frame of 0 or 10 ms lasts 100 ms, as in browsers.")
@pytest.mark.parametrize(
    ("delay", "target", "written"),
    [
        (65_535, "gif", 655_350),
        (65_535, "webp", 655_350),
        (65_535, "png", 655_350),
        (0, "png", 100),
        (1, "webp", 100),  # as browsers show it
        (2, "gif", 20),
    ],
)
def test_the_times_of_a_gif_are_those_that_browsers_show(
    delay: int, target: str, written: int
) -> None:
    assert times(gif(SIZE, two_frames(delay, 10)), target) == [written, 100]


@pytest.mark.rule("PNG WEBP", "converted", "A frame of at most 10 ms lasts 100 ms, as in browsers.")
def test_the_times_of_other_formats_are_those_that_browsers_show() -> None:
    assert times(apng(SIZE, two_frames(10, 11, unit=1000)), "png") == [100, 11]
    images = [Image.new("RGB", SIZE, colour) for colour in ("red", "lime")]
    data = encoded(images[0], "WEBP", save_all=True, append_images=[images[1]], duration=[9, 11])
    assert times(data, "webp") == [100, 11]


@pytest.mark.rule(
    "PNG WEBP GIF",
    "kept",
    "The time of each frame. A time that the format of the result cannot say becomes its nearest.",
)
@pytest.mark.parametrize(
    ("target", "written"), [("gif", 655_350), ("webp", 2**24 - 1), ("png", 65_535_000)]
)
def test_a_time_too_long_for_the_format_becomes_its_longest(target: str, written: int) -> None:
    assert times(apng(SIZE, two_frames(65_535, 1, unit=1)), target) == [written, 1000]


def test_a_png_rounds_a_time_that_its_numbers_cannot_say() -> None:
    images = [Image.new("RGB", SIZE, colour) for colour in ("red", "lime")]
    data = encoded(images[0], "WEBP", save_all=True, append_images=[images[1]], duration=70_001)
    assert times(data, "png") == [70_000, 70_000]


def test_equal_frames_last_together_as_long_as_one_can() -> None:
    parts = [*two_frames(65_535, 10), *two_frames(65_535, 65_535)]
    parts.append(Part(parts[-1].pixels, delay=65_535))
    assert times(gif(SIZE, parts), "gif") == [655_350, 100, 655_350, 655_350]

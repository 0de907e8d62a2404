"""Damage to a GIF costs no frame that is whole."""

from collections.abc import Callable

import pytest
from PIL import ImageSequence

from image_processor.engine import InvalidImage, inspect
from tests.engine import hostile
from tests.engine.builders import LIMITS, animation, encoded, gradient, opened, run, step

STILL = encoded(gradient(48, 36, "P"), "GIF")
MOVING = animation("GIF", 3)
FRAME = b"\x2c\0\0\0\0"


def frames_of(data: bytes) -> list[bytes]:
    image = opened(data)
    return [frame.convert("RGB").tobytes() for frame in ImageSequence.Iterator(image)]


def shown(data: bytes) -> list[bytes]:
    """The frames of the result of a render that changes nothing."""
    facts = inspect(data, LIMITS)
    result = run(data, step("flip"), step("flip"), format="png")
    assert [one["detail"] for one in result.warnings] == [one["detail"] for one in facts.warnings]
    return frames_of(result.data)


def warnings_of(data: bytes) -> list[tuple[str, str]]:
    return [(found["code"], found["detail"]) for found in inspect(data, LIMITS).warnings]


@pytest.mark.parametrize(
    ("damage", "detail"),
    [
        (lambda data: data[:-1], "The end of the GIF file is missing."),
        (lambda data: data[:-1] + b"\x21", "The end of the GIF file is missing."),
        (lambda data: data[:-1] + b"\x21\xfe\x09comm", "The end of the GIF file is missing."),
        (
            lambda data: data[:-1] + bytes(100),
            "The GIF file goes on with other bytes than frames. They were ignored.",
        ),
    ],
    ids=["no trailer", "cut extension", "cut comment", "other bytes"],
)
@pytest.mark.parametrize("whole", [STILL, MOVING], ids=["still", "moving"])
@pytest.mark.rule("GIF", "warned of", "A missing trailer, and other bytes behind the last frame.")
def test_frames_before_a_damaged_end_are_kept(
    whole: bytes, damage: Callable[[bytes], bytes], detail: str
) -> None:
    damaged = damage(whole)
    assert warnings_of(damaged) == [("damaged_part", detail)]
    assert inspect(damaged, LIMITS).frames == inspect(whole, LIMITS).frames
    assert shown(damaged) == shown(whole)


def test_bytes_behind_the_trailer_do_not_matter() -> None:
    assert warnings_of(STILL + bytes(100)) == []
    assert shown(STILL + bytes(100)) == shown(STILL)


@pytest.mark.rule(
    "GIF", "warned of", "A last frame that is cut off; the frames before it are kept."
)
def test_a_frame_that_is_cut_off_is_left_out() -> None:
    cut = MOVING[:-8]
    detail = "The GIF file is cut off: its last frame was left out."
    assert warnings_of(cut) == [("truncated", detail)]
    assert inspect(cut, LIMITS).frames == 2
    assert shown(cut) == shown(MOVING)[:2]


@pytest.mark.rule("GIF", "refused", "Files that end in their first frame.")
def test_a_file_that_is_cut_off_in_its_only_frame_is_refused() -> None:
    with pytest.raises(InvalidImage, match="ends before the first frame"):
        inspect(STILL[:-8], LIMITS)


@pytest.mark.parametrize("size", [b"\0\0\x05\0", b"\x05\0\0\0", b"\0\0\0\0"])
@pytest.mark.parametrize("control", [b"", b"\x21\xf9\x04\x05\x0a\0\0\0"])
@pytest.mark.rule("GIF", "warned of", "Frames without a size; they are ignored.")
def test_a_frame_without_a_size_is_left_out(control: bytes, size: bytes) -> None:
    empty = control + FRAME + size + b"\0\x02\x01\x2c\0"
    detail = "Frames of the GIF file without a size were ignored."
    for data in (STILL[:-1] + empty + b"\x3b", MOVING[:-1] + empty + b"\x3b"):
        assert warnings_of(data) == [("damaged_part", detail)]
    assert shown(MOVING[:-1] + empty + b"\x3b") == shown(MOVING)
    facts = inspect(STILL[:-1] + empty + b"\x3b", LIMITS)
    assert (facts.frames, facts.has_alpha) == (1, False)


def test_a_file_of_nothing_but_empty_frames_is_refused() -> None:
    with pytest.raises(InvalidImage, match="holds no picture"):
        inspect(hostile.gif(0, 0, frames=3), LIMITS)


def test_an_unknown_block_before_the_first_frame_is_refused() -> None:
    data = hostile.gif(8, 8)
    with pytest.raises(InvalidImage, match="unknown block 0x07"):
        inspect(data[:19] + b"\x07" + data[19:], LIMITS)

"""Damage to a GIF costs no frame that is whole."""

from collections.abc import Callable

import pytest
from PIL import ImageSequence

from image_processor.engine import InvalidImage, inspect
from tests.engine import hostile
from tests.engine.builders import LIMITS, animation, encoded, gradient, opened, run, step

STILL = encoded(gradient(48, 36, "P"), "GIF")
MOVING = animation("GIF", 3)


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


def test_an_unknown_block_before_the_first_frame_is_refused() -> None:
    data = hostile.gif(8, 8)
    with pytest.raises(InvalidImage, match="unknown block 0x07"):
        inspect(data[:19] + b"\x07" + data[19:], LIMITS)

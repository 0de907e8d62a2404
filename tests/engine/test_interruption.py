"""Work ends at its deadline or when a checkpoint raises: at the next step, frame or strip."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from image_processor.engine import Deadline, Pipeline, TookTooLong, inspect, render
from image_processor.engine.interruption import stop_if_requested
from tests.engine.builders import LIMITS, animation, encoded, gradient, photo, step


class CalledOff(Exception):
    """Raised by the checkpoint to stop the work."""


class Calls:
    """A checkpoint that raises at call number `last`."""

    def __init__(self, last: int = 10**9) -> None:
        self.last = last
        self.seen: list[float] = []

    def __call__(self, progress: float) -> None:
        self.seen.append(progress)
        if len(self.seen) == self.last:
            raise CalledOff


LARGE = encoded(gradient(1200, 900), "PNG")
MOVING = animation("GIF", count=12)

# What takes long, and how often it may be stopped at least.
LONG: dict[str, tuple[bytes, list[dict[str, Any]], dict[str, Any], int]] = {
    "steps": (photo("rocket.jpg"), [step("blur"), step("sharpen"), step("blur")], {}, 5),
    "frames": (MOVING, [step("blur")], {"format": "webp"}, 24),
    "frames that nothing is done to": (MOVING, [step("compress", quality=50)], {}, 12),
    "frames that are looked at": (MOVING, [step("trim")], {"format": "png"}, 36),
    "frames being written": (MOVING, [step("compress", quality=50)], {"format": "gif"}, 24),
    "strips of an effect": (LARGE, [step("sketch")], {"format": "jpeg"}, 6),
    "strips of a filter": (LARGE, [step("denoise")], {"format": "jpeg"}, 8),
    "strips of a blur": (LARGE, [step("blur", radius=30)], {"format": "jpeg"}, 9),
    "tries for quality": (photo("rocket.jpg"), [step("flip")], {"quality": "auto"}, 8),
    "tries for size": (photo("rocket.jpg"), [step("compress", max_bytes=9000)], {}, 8),
}


def at_few_places(count: int) -> list[int]:
    """The first, one in the middle, and the last two of so many checkpoints."""
    return sorted({1, 1 + count // 2, count - 1, count})


def everywhere(count: int) -> list[int]:
    return list(range(1, count + 1))


@pytest.mark.parametrize(
    "wherever", [at_few_places, pytest.param(everywhere, marks=pytest.mark.long)]
)
@pytest.mark.parametrize("name", LONG)
def test_long_work_can_be_stopped_everywhere(
    name: str, wherever: Callable[[int], list[int]]
) -> None:
    data, steps, options, least = LONG[name]
    facts, pipeline = inspect(data, LIMITS), Pipeline.parse(steps, **options)
    whole = Calls()
    result = render(data, facts, pipeline, LIMITS, checkpoint=whole)
    assert len(whole.seen) >= least
    assert whole.seen == sorted(whole.seen)
    for last in wherever(len(whole.seen)):
        calls = Calls(last)
        with pytest.raises(CalledOff):
            render(data, facts, pipeline, LIMITS, checkpoint=calls)
        assert len(calls.seen) == last  # nothing goes on, in no thread either
    assert render(data, facts, pipeline, LIMITS).data == result.data


@pytest.mark.parametrize("name", LONG)
def test_a_passed_deadline_ends_the_work_and_names_the_limit(name: str) -> None:
    data, steps, options, _ = LONG[name]
    facts, pipeline = inspect(data, LIMITS), Pipeline.parse(steps, **options)
    with pytest.raises(TookTooLong, match=r"longer than 0\.5 seconds") as caught:
        render(data, facts, pipeline, LIMITS, deadline=Deadline(0.5, time.monotonic()))
    assert (caught.value.code, caught.value.limit) == ("took_too_long", 0.5)


def test_a_deadline_holds_inside_of_a_step() -> None:
    """The deadline passes while one step works on its strips; the step does not finish."""
    facts, pipeline = inspect(LARGE, LIMITS), Pipeline.parse([step("denoise")], format="jpeg")
    calls = Calls()

    def slow(progress: float) -> None:
        calls(progress)
        if progress > 0:
            time.sleep(max(0.0, deadline.at - time.monotonic()))

    deadline = Deadline.after(0.2)
    with pytest.raises(TookTooLong):
        render(LARGE, facts, pipeline, LIMITS, checkpoint=slow, deadline=deadline)
    assert len(calls.seen) <= 3


def test_a_distant_deadline_changes_nothing() -> None:
    data = photo("rocket.jpg")
    facts, pipeline = inspect(data, LIMITS), Pipeline.parse([step("flip")])
    hurried = render(data, facts, pipeline, LIMITS, deadline=Deadline.after(600))
    assert hurried.data == render(data, facts, pipeline, LIMITS).data


def test_outside_of_a_render_no_checkpoint_is_called() -> None:
    calls = Calls()
    data = encoded(Image.new("L", (8, 8)), "PNG")
    render(data, inspect(data, LIMITS), Pipeline.parse([step("flip")]), LIMITS, checkpoint=calls)
    asked = len(calls.seen)
    stop_if_requested()
    assert len(calls.seen) == asked

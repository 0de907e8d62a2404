"""What encoding costs decides whether a task waits among the light or the heavy ones."""

from image_processor.engine import Facts, Pipeline, plan
from image_processor.engine.writing.output_formats import OUTPUT_FORMATS
from tests.engine.builders import LIMITS, step

PHOTO = Facts("JPEG", 2_000, 1_500, "RGB", 900_000)


def cost(format_name: str, *, lossless: bool = False) -> float:
    return plan(
        PHOTO, Pipeline.parse([step("flip")], format=format_name, lossless=lossless), LIMITS
    ).cost


def test_formats_have_the_measured_order() -> None:
    names = ["JPEG", "GIF", "TIFF", "WEBP", "PNG", "AVIF"]
    costs = [cost(name) for name in names]
    costs.append(cost("WEBP", lossless=True))
    assert sorted(costs) == costs
    assert costs[0] < costs[1]


def test_lossless_webp_costs_eight_times_as_much() -> None:
    written = OUTPUT_FORMATS["WEBP"]
    assert written.work(100, lossless=True) == 8 * written.work(100, lossless=False)


def test_a_large_lossless_webp_is_heavy() -> None:
    queues = [
        plan(PHOTO, Pipeline.parse([step("flip")], format="webp", lossless=lossless), LIMITS).queue
        for lossless in (False, True)
    ]
    assert queues == ["light", "heavy"]

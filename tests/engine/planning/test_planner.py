"""The plan: decode scale, memory, cost and queue, before a pixel is decoded."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from image_processor.engine import (
    Facts,
    LosslessUnavailable,
    OutputTooLarge,
    Pipeline,
    TooMuchMemory,
    inspect,
    plan,
    render,
)
from image_processor.engine.pixels import resample
from tests.engine.builders import LIMITS, encoded, gradient, image_of, opened, photo, run, step

CAMERA = Facts("JPEG", 4000, 3000, "RGB", 4_300_000)
GRAY_800 = [step("resize", width=800, height=600), step("apply_filter", grayscale=True)]


def planned(*steps: dict[str, Any], facts: Facts = CAMERA, **options: Any) -> Any:
    return plan(facts, Pipeline.parse(list(steps), **options), LIMITS)


def test_the_main_job_decodes_reduced_and_gives_one_channel() -> None:
    data = encoded(opened(photo("rocket.jpg")).resize((4000, 3000)), "JPEG", quality=90)
    pipeline = Pipeline.parse(GRAY_800, format="jpeg")
    assert plan(inspect(data, LIMITS), pipeline, LIMITS).decode_scale == 2
    result = run(data, *GRAY_800, format="jpeg")
    assert result.decoded_size == (2000, 1500)
    image = image_of(result)
    assert (image.format, image.mode, image.size) == ("JPEG", "L", (800, 600))
    assert image.info.get("progressive")


@pytest.mark.parametrize(
    ("steps", "scale"),
    [
        ([step("resize", width=2001)], 1),
        ([step("resize", width=1000)], 2),
        ([step("resize", width=500)], 4),
        ([step("resize", width=250)], 8),
        ([step("resize", width=10)], 8),
        ([step("resize", width=250, height=1000)], 1),
        ([step("resize", width=400, height=400, fit="cover")], 2),
        ([step("resize", width=400, height=400, fit="contain")], 4),
        ([step("resize", width=250, kernel="nearest")], 1),
        ([step("flip"), step("mirror"), step("resize", width=250)], 8),
        ([step("rotate", degrees=90), step("resize", width=250)], 4),
        ([step("rotate", degrees=90), step("resize", height=250)], 8),
        ([step("rotate", degrees=10), step("resize", width=250)], 1),
        ([step("apply_filter", grayscale=True), step("resize", width=250)], 8),
        ([step("apply_filter", emboss=True), step("resize", width=250)], 1),
        ([step("blur"), step("resize", width=250)], 1),
        ([step("crop", aspect="1:1"), step("resize", width=250)], 4),
        ([step("watermark", text="a"), step("resize", width=250)], 1),
        ([step("compress", quality=5), step("resize", width=250)], 8),
        ([step("flip")], 1),
    ],
)
def test_decode_scales(steps: list[dict[str, Any]], scale: int) -> None:
    assert planned(*steps).decode_scale == scale


def test_only_jpeg_is_decoded_reduced() -> None:
    facts = replace(CAMERA, format="PNG")
    assert planned(step("resize", width=10), facts=facts).decode_scale == 1


def test_costs_grow_with_the_work() -> None:
    usual = planned(step("resize", width=800, height=600), format="jpeg")
    assert usual.cost == pytest.approx(1.0, abs=0.2)
    assert usual.queue == "light"
    whole = planned(step("blur", radius=5), format="jpeg")
    assert whole.cost > 2 * usual.cost
    assert planned(step("blur", radius=5), format="avif").queue == "heavy"
    large = replace(CAMERA, width=8000, height=6000)
    assert planned(step("rotate", degrees=5), facts=large).queue == "heavy"


def test_much_work_or_much_memory_makes_a_job_heavy() -> None:
    slow = planned(step("blur", radius=5), format="avif")
    assert slow.peak_bytes < 400_000_000
    scan = replace(CAMERA, width=8000, height=6000, mode="CMYK", progressive=True)
    large = planned(step("resize", width=800), facts=scan)
    assert large.cost < 6
    assert (slow.queue, large.queue) == ("heavy", "heavy")


def test_memory_is_refused_with_both_figures() -> None:
    limits = replace(LIMITS, max_memory_bytes=100_000_000)
    with pytest.raises(TooMuchMemory) as caught:
        plan(CAMERA, Pipeline.parse([step("blur")]), limits)
    assert caught.value.limit == 100_000_000
    assert caught.value.actual > 100_000_000
    assert caught.value.pointer == "/transformations"
    assert plan(CAMERA, Pipeline.parse([step("resize", width=800)]), limits).peak_bytes < 10**8


def test_memory_up_to_the_limit_is_allowed() -> None:
    pipeline = Pipeline.parse([step("blur")])
    peak = plan(CAMERA, pipeline, LIMITS).peak_bytes
    assert plan(CAMERA, pipeline, replace(LIMITS, max_memory_bytes=peak)).peak_bytes == peak
    with pytest.raises(TooMuchMemory):
        plan(CAMERA, pipeline, replace(LIMITS, max_memory_bytes=peak - 1))


def test_the_file_itself_counts_as_memory() -> None:
    larger = replace(CAMERA, size_bytes=CAMERA.size_bytes + 30_000_000)
    steps = [step("resize", width=800)]
    assert planned(*steps, facts=larger).peak_bytes == planned(*steps).peak_bytes + 30_000_000


def test_a_progressive_source_counts_its_coefficients() -> None:
    steps = [step("resize", width=100)]
    plain = planned(*steps).peak_bytes
    progressive = planned(*steps, facts=replace(CAMERA, progressive=True)).peak_bytes
    assert progressive - plain >= 4000 * 3000 * 4


def test_limits_of_the_format_itself() -> None:
    facts = Facts("PNG", 4096, 10, "RGB", 1000)
    assert planned(step("resize", width=16_384, height=10), facts=facts).width == 16_384
    with pytest.raises(OutputTooLarge, match="WEBP") as caught:
        planned(step("resize", width=16_384, height=10), facts=facts, format="webp")
    assert caught.value.limit == 16_383


@pytest.mark.parametrize("target", ["jpeg", "gif", "avif"])
def test_lossless_is_refused_where_there_is_none(target: str) -> None:
    with pytest.raises(LosslessUnavailable, match="PNG, WEBP, TIFF") as caught:
        planned(step("flip"), format=target, lossless=True)
    assert caught.value.status == 422


@pytest.mark.parametrize(
    ("source", "target"), [("JPEG", "JPEG"), ("MPO", "JPEG"), ("BMP", "PNG"), ("AVIF", "AVIF")]
)
def test_without_a_format_the_source_decides(source: str, target: str) -> None:
    assert planned(step("flip"), facts=replace(CAMERA, format=source)).format == target


FITS = ("fill", "contain", "cover", "inside", "outside")
ANCHORS = ("center", "northwest", "east", "south")


# How often the sizes are drawn in the quick run, and in the long one.
COUNTS = [40, pytest.param(1000, marks=pytest.mark.long)]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("least", [resample._MIN_VIPS_PIXELS, 0], ids=["by size", "by libvips"])
def test_every_fit_gives_exactly_the_planned_size_for_any_sizes(
    least: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random sources and targets in every fit, also decoded at a reduced scale.

    Pillow and libvips have their own ideas of rounding, so libvips is made to take small ones.
    """
    monkeypatch.setattr(resample, "_MIN_VIPS_PIXELS", least)
    chance = random.Random(20)
    photograph = opened(photo("chelsea.png")).convert("RGB")
    sizes = set()
    for number in range(count):
        source = photograph.resize(
            (chance.randint(20, 400), chance.randint(20, 300)), Image.Resampling.NEAREST
        )
        data = encoded(source, ("JPEG", "BMP", "JPEG")[number % 3])
        facts = inspect(data, LIMITS)
        target = {"width": chance.randint(1, 120), "height": chance.randint(1, 120)}
        if number % 10 == 0:
            del target[chance.choice(["width", "height"])]
        for fit in FITS:
            params = {**target, "fit": fit, "anchor": ANCHORS[number % 4]}
            pipeline = Pipeline.parse([step("resize", **params)], format="tiff")
            expected = plan(facts, pipeline, LIMITS)
            result = render(data, facts, pipeline, LIMITS)
            assert opened(result.data).size == (expected.width, expected.height), params
            if fit == "fill" and len(target) == 2:
                assert (expected.width, expected.height) == (target["width"], target["height"])
            sizes.add((expected.width, expected.height, expected.decode_scale))
    assert len(sizes) > 2 * count
    assert {scale for *_, scale in sizes} == {1, 2, 4, 8}


# How far each fit that keeps the aspect scales a picture: from the two sides of its box.
SCALES: dict[str, Callable[[float, float], float]] = {
    "contain": min,
    "inside": lambda across, down: min(across, down, 1.0),
    "outside": lambda across, down: max(across, down, 1.0),
}


@pytest.mark.parametrize("fit", FITS)
def test_every_fit_plans_the_size_that_it_promises(fit: str) -> None:
    """On numbers alone; the test above compares results with plans."""
    chance = random.Random(22)
    for _ in range(1000):
        source = chance.randint(500, 4000), chance.randint(500, 4000)
        box = chance.randint(1, 1000), chance.randint(1, 1000)
        facts = replace(CAMERA, width=source[0], height=source[1])
        made = planned(step("resize", width=box[0], height=box[1], fit=fit), facts=facts)
        if fit in SCALES:
            scale = SCALES[fit](box[0] / source[0], box[1] / source[1])
            for side, full in zip((made.width, made.height), source, strict=True):
                assert abs(side - max(1, full * scale)) <= 0.5 + 1e-9, (source, box)
        else:
            assert (made.width, made.height) == box
        # What is decoded is never smaller than what is made of it.
        assert made.decode_scale == 1 or made.width <= -(-source[0] // made.decode_scale)
        assert made.decode_scale == 1 or made.height <= -(-source[1] // made.decode_scale)


@pytest.mark.parametrize("sides", [(4001, 2999), (333, 7777), (97, 89)])
def test_any_chain_of_geometry_gives_the_planned_size(sides: tuple[int, int]) -> None:
    chance = random.Random(21)
    data = encoded(Image.new("L", sides, 90), "JPEG")
    facts = inspect(data, LIMITS)
    for _ in range(60):
        cut = chance.choice(["1:1", "3:2", "9:16"])
        steps = [
            step("resize", width=chance.randint(1, 300), height=chance.randint(1, 300)),
            step("crop", aspect=cut, anchor=chance.choice(ANCHORS)),
            step("rotate", degrees=chance.choice([90, 180, 270])),
            step("resize", height=chance.randint(1, 200), fit="contain"),
        ]
        chance.shuffle(steps)
        pipeline = Pipeline.parse(steps, format="tiff")
        expected = plan(facts, pipeline, LIMITS)
        result = image_of(render(data, facts, pipeline, LIMITS))
        assert result.size == (expected.width, expected.height)


def test_the_plan_is_explained_in_the_order_of_the_work() -> None:
    steps = [
        step("rotate", degrees=90),
        step("crop", aspect="1:1"),
        step("resize", width=300),
        step("sepia"),
        step("invert"),
        step("blur", radius=3),
    ]
    lines = planned(*steps, format="webp").explain()
    assert lines[0] == "decode at 1/4 of 4000x3000, RGB"
    assert lines[1].startswith("geometry: cut 3000x3000 at 500,0, resample to 300x300 by lanczos")
    assert lines[1].endswith("rotate 270 -> 300x300 RGB")
    assert lines[2] == "colours: sepia, invert -> 300x300 RGB"
    assert lines[3] == "blur: radius 3.0 -> 300x300 RGB"
    assert lines[4] == "write WEBP, 300x300"
    assert "light queue" in lines[5]


def test_a_plan_is_plain_data() -> None:
    values = planned(*GRAY_800).to_dict()
    assert json.loads(json.dumps(values)) == values
    assert values["width"] == 800


def test_what_the_plan_says_the_render_gives() -> None:
    data = encoded(gradient(200, 100), "PNG")
    steps = [step("resize", width=77), step("rotate", degrees=33), step("crop", aspect="3:2")]
    result = run(data, *steps, format="webp")
    expected = plan(inspect(data, LIMITS), Pipeline.parse(steps, format="webp"), LIMITS)
    assert (result.width, result.height, result.format, result.frames) == (
        expected.width,
        expected.height,
        expected.format,
        expected.frames,
    )

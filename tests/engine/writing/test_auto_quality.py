"""`quality: "auto"`: the lowest quality that looks the same, found with few encodings."""

import io
import random

import pytest
from PIL import Image

from image_processor.engine import InvalidPipeline, Pipeline, inspect, plan
from image_processor.engine.pixels.structural_similarity import luma_samples, similarity
from image_processor.engine.writing.auto_quality import HIGHEST, LOWEST, THRESHOLD
from tests.engine import similarity as reference
from tests.engine.builders import LIMITS, animation, encoded, image_of, opened, photo, run, step

FLIP = step("flip")
LOSSY = ("jpeg", "webp", "avif")


def alike(one: Image.Image, other: Image.Image) -> float:
    return similarity(luma_samples(one), luma_samples(other))


@pytest.mark.parametrize("target", LOSSY)
@pytest.mark.parametrize("name", ["chelsea.png", "rocket.jpg"])
def test_it_is_the_lowest_quality_that_looks_the_same(target: str, name: str) -> None:
    uncompressed = image_of(run(photo(name), FLIP, format="png"))
    found = run(photo(name), FLIP, format=target, quality="auto")
    assert 1 < found.encodes <= 6
    assert found.quality is not None
    assert LOWEST <= found.quality < HIGHEST
    # The search takes a JPEG's luma as it is stored; here it has been through RGB.
    assert alike(uncompressed, image_of(found)) > THRESHOLD - 0.0005
    below = run(photo(name), FLIP, format=target, quality=found.quality - 1)
    assert alike(uncompressed, image_of(below)) < THRESHOLD + 0.0005
    assert found.data == run(photo(name), FLIP, format=target, quality=found.quality).data


def test_a_plain_picture_takes_the_lowest_and_noise_takes_more() -> None:
    plain = run(encoded(Image.new("RGB", (64, 64), "teal"), "PNG"), FLIP, quality="auto")
    plain_jpeg = run(
        encoded(Image.new("RGB", (64, 64), "teal"), "PNG"), FLIP, format="jpeg", quality="auto"
    )
    assert (plain.encodes, plain.quality) == (1, None)
    assert (plain_jpeg.encodes, plain_jpeg.quality) == (5, LOWEST)
    rough = Image.frombytes("L", (64, 64), random.Random(1).randbytes(64 * 64))
    noise = rough.point(lambda value: 118 + value // 13)
    noisy = run(encoded(noise, "PNG"), FLIP, format="webp", quality="auto")
    assert noisy.encodes <= 6
    assert (noisy.quality or 0) > 80


@pytest.mark.parametrize("target", ["png", "gif", "tiff"])
def test_formats_without_quality_are_written_once(target: str) -> None:
    result = run(photo("chelsea.png"), FLIP, format=target, quality="auto")
    assert (result.encodes, result.quality) == (1, None)


def test_lossless_is_written_once() -> None:
    result = run(photo("horse.png"), FLIP, format="webp", quality="auto", lossless=True)
    assert (result.encodes, result.quality) == (1, None)


def test_alpha_and_animation_are_searched_too() -> None:
    clear = opened(photo("horse.png")).convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(clear.size))
    for target in ("jpeg", "webp", "avif"):
        assert run(encoded(clear, "PNG"), FLIP, format=target, quality="auto").encodes <= 6
    moving = run(animation("GIF"), FLIP, format="webp", quality="auto")
    assert (moving.frames, moving.quality is not None) == (3, True)


def test_compress_can_request_it() -> None:
    as_step = run(photo("rocket.jpg"), FLIP, step("compress", quality="auto"))
    assert as_step.data == run(photo("rocket.jpg"), FLIP, quality="auto").data


def test_the_search_is_planned() -> None:
    facts = inspect(photo("rocket.jpg"), LIMITS)
    once, searched = (
        plan(facts, Pipeline.parse([FLIP], format="avif", quality=quality), LIMITS).cost
        for quality in (50, "auto")
    )
    assert searched > 4 * once


def test_the_stored_pipeline_keeps_quality_auto() -> None:
    pipeline = Pipeline.parse([FLIP], format="webp", quality="auto")
    assert pipeline.canonical()["output"]["quality"] == "auto"
    assert Pipeline.from_canonical(pipeline.canonical()).output.quality == "auto"


@pytest.mark.parametrize(
    ("steps", "quality", "pointer", "code"),
    [
        ([FLIP], "best", "/quality", "type"),
        ([FLIP], 85.5, "/quality", "type"),
        ([FLIP], True, "/quality", "type"),
        ([FLIP], 0, "/quality", "greater_than_equal"),
        ([FLIP], 101, "/quality", "less_than_equal"),
        ([step("compress", max_bytes=9000)], "auto", "/quality", "conflict"),
        (
            [step("compress", max_bytes=9000, quality="auto")],
            None,
            "/transformations/0/params",
            "conflict",
        ),
        ([step("compress", quality="Auto")], None, "/transformations/0/params/quality", "type"),
    ],
)
def test_refused_requests(steps: list[object], quality: object, pointer: str, code: str) -> None:
    with pytest.raises(InvalidPipeline) as caught:
        Pipeline.parse(steps, quality=quality)  # type: ignore[arg-type]
    assert [(p.pointer, p.code) for p in caught.value.errors] == [(pointer, code)]


@pytest.mark.parametrize("quality", [20, 60, 90])
def test_the_measure_agrees_with_the_reference(quality: int) -> None:
    """Every second window in each direction of the tests' own: nearly the same mean."""
    cat = opened(photo("chelsea.png")).convert("L").crop((40, 40, 240, 200))
    buffer = io.BytesIO()
    cat.save(buffer, "JPEG", quality=quality)
    worse = opened(buffer.getvalue())
    assert alike(cat, worse) == pytest.approx(reference.similarity(cat, worse), abs=0.01)
    assert alike(cat, cat) == 1.0


def test_a_large_picture_is_sampled_all_over() -> None:
    """Damage anywhere is seen, and counts for about the part of the picture that it takes."""
    rough = Image.frombytes("L", (2400, 1600), random.Random(1).randbytes(2400 * 1600))
    samples = luma_samples(rough)
    assert sum(part.size for part in samples) <= 1_000_000
    assert len(samples) == 16
    for corner in ((0, 0), (1200, 0), (0, 800), (1200, 800)):
        damaged = rough.copy()
        damaged.paste(128, (*corner, corner[0] + 1200, corner[1] + 800))
        assert alike(rough, damaged) == pytest.approx(0.75, abs=0.04)


@pytest.mark.parametrize("size", [(1, 1), (3, 100), (100, 5), (9, 9), (5000, 1), (20_000, 60)])
def test_any_size_can_be_compared(size: tuple[int, int]) -> None:
    image = Image.linear_gradient("L").resize(size)
    assert alike(image, image) == 1.0
    assert alike(Image.new("L", size, 20), Image.new("L", size, 200)) < 0.3

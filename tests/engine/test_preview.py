"""A preview looks like the finished result scaled down, for every operation."""

from __future__ import annotations

import importlib
import io
import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image

from image_processor.engine import (
    CropOutsideImage,
    Limits,
    Overlay,
    OverlayMissing,
    Pipeline,
    PreviewPlan,
    inspect,
    plan,
    render,
)
from image_processor.engine.derived import derive
from image_processor.engine.operations import OPERATIONS
from image_processor.engine.preview import Preview, preview
from tests.engine.builders import PHOTOS
from tests.engine.similarity import similarity

LIMITS = Limits()
# The package has a function of this name.
preview_module = importlib.import_module("image_processor.engine.preview")
# Smaller than what previews have in the service, so that every picture is reduced here.
LONGEST = 320

# Directions of brushes and borders of daubs and dots turn on single pixels.
PAINTED = {
    "cartoon": 0.9,
    "sketch": 0.8,
    "color_pencil": 0.77,
    "oil_painting": 0.7,
    "watercolor": 0.78,
    "pop_art": 0.77,
}
# Lines of a pixel or less, in which nothing but their strength can be alike.
THIN = 0.7
USUAL = 0.9
# What these give may have clear parts. A JPEG of all else is written in a fraction of the time.
CLEAR = {"border", "pad", "rotate", "round_corners"}


@cache
def photo(name: str = "rocket.jpg", width: int = 1280) -> bytes:
    """A photograph, larger than its file, as a JPEG."""
    with Image.open(PHOTOS / name) as image:
        size = width, round(image.height * width / image.width)
        large = image.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    return encoded(large, "JPEG", quality=92)


def encoded(image: Image.Image, format_name: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_name, **options)
    return buffer.getvalue()


def asked(*steps: tuple[str, dict[str, Any]], **options: Any) -> Pipeline:
    clear = any(name in CLEAR for name, _ in steps)
    given = {"format": "png" if clear else "jpeg", "quality": None, "lossless": False}
    return Pipeline.parse(
        [{"operation": name, "params": params} for name, params in steps],
        **{**given, "metadata": None, "background": None, "default_quality": 90, **options},
    )


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def previewed(pipeline: Pipeline, data: bytes, **options: Any) -> Preview:
    facts = inspect(data, LIMITS)
    return preview(data, facts, facts, pipeline, LIMITS, longest=LONGEST, **options)


def on_gray(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The brightness of `image` at `size`, as it looks on a gray page."""
    image = image.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
    page = Image.new("RGBA", size, (128, 128, 128, 255))
    return Image.alpha_composite(page, image).convert("L")


def alike(pipeline: Pipeline, data: bytes, **options: Any) -> float:
    """The similarity of preview and result; their aspect ratios must agree to a pixel."""
    facts = inspect(data, LIMITS)
    result = opened(render(data, facts, pipeline, LIMITS, **options).data)
    small = opened(previewed(pipeline, data, **options).data)
    scale = max(small.size) / max(result.size)
    assert min(LONGEST, max(result.size)) * 0.9 <= max(small.size) <= LONGEST
    for real, full in zip(small.size, result.size, strict=True):
        assert abs(real - full * scale) <= 1.01 + full * scale / 150, (small.size, result.size)
    return similarity(on_gray(small, small.size), on_gray(result, small.size))


@pytest.mark.parametrize("name", sorted(operation.name for operation in OPERATIONS))
def test_every_operation_looks_like_its_result(name: str) -> None:
    operation = next(each for each in OPERATIONS if each.name == name)
    found = alike(asked((name, operation.example)), photo())
    assert found >= PAINTED.get(name, USUAL), found


@pytest.mark.parametrize("name", ["sketch", "color_pencil", "watercolor"])
def test_strokes_and_paper_are_those_of_the_result(name: str) -> None:
    """Of a preview that begins its textures anew, even seen from afar, this is not so."""
    pipeline = asked((name, {"paper": 1.0}))
    small = encoded(opened(photo()).resize((320, 214)), "PNG")
    other = opened(previewed(pipeline, small).data)
    facts = inspect(photo(), LIMITS)
    result = opened(render(photo(), facts, pipeline, LIMITS).data)
    found = alike(pipeline, photo())
    assert found >= PAINTED[name], found
    assert found > similarity(on_gray(other, other.size), on_gray(result, other.size)) + 0.2


@pytest.mark.parametrize(
    "steps",
    [
        [("crop", {"x": 300, "y": 101, "width": 777, "height": 500}), ("border", {"width": 40})],
        [("resize", {"width": 400, "height": 400, "fit": "cover"}), ("blur", {"radius": 3})],
        [("blur", {"radius": 12}), ("resize", {"width": 640})],
        [("resize", {"width": 300, "height": 500, "fit": "contain"}), ("pad", {"width": 900})],
        [("pad", {"width": 2001, "height": 1500}), ("rotate", {"degrees": 17})],
        [("rotate", {"degrees": 90}), ("crop", {"aspect": "3:2", "anchor": "north"})],
        [("pixelate", {"size": 37}), ("flip", {})],
        [("pixelate", {"region": {"x": 500, "y": 90, "width": 211, "height": 333}, "size": 50})],
        [("round_corners", {"radius": 200}), ("pad", {"top": 40, "left": 80, "background": "red"})],
        [("border", {"width": 60, "color": "teal"}), ("trim", {}), ("border", {"width": 30})],
        [("apply_filter", {"blur": True, "sharpen": True, "vignette": True})],
        [("apply_filter", {"emboss": True})],
        [("resize", {"width": 3000}), ("sharpen", {"amount": 200, "radius": 8})],
        [("resize", {"width": 900, "height": 900, "fit": "outside"}), ("crop", {"aspect": "1:1"})],
    ],
    ids=lambda steps: "-".join(name for name, _ in steps),
)
def test_lengths_and_places_shrink_along(steps: Any) -> None:
    found = alike(asked(*steps), photo())
    assert found >= USUAL, found


@pytest.mark.parametrize(
    "steps",
    [
        [("apply_filter", {"contour": True})],
        [("watermark", {"text": "MARK", "position": "northwest", "margin": 150, "opacity": 1.0})],
        [("watermark", {"text": "tiles", "position": "tile", "size": 20, "margin": 90})],
    ],
    ids=["contour", "mark", "tiles"],
)
def test_thin_lines_are_in_the_right_places(steps: Any) -> None:
    found = alike(asked(*steps), photo())
    assert found >= THIN, found


def test_an_unscaled_blur_would_fail() -> None:
    """The bar above is high enough: the same radius on the reduced picture does not pass."""
    small = encoded(opened(photo()).resize((320, 214)), "PNG")
    pipeline = asked(("blur", {"radius": 12}))
    wrong = opened(previewed(pipeline, small).data).convert("RGB")
    facts = inspect(photo(), LIMITS)
    result = opened(render(photo(), facts, pipeline, LIMITS).data).resize(wrong.size)
    assert similarity(wrong.convert("L"), result.convert("L")) < USUAL


@pytest.mark.parametrize("anchor", ["smart", "face"])
def test_the_same_subject_is_found(anchor: str) -> None:
    steps = ("crop", {"width": 500, "height": 500, "anchor": anchor})
    assert alike(asked(steps), photo("astronaut.jpg")) >= USUAL
    steps = ("resize", {"width": 300, "height": 900, "fit": "cover", "anchor": anchor})
    assert alike(asked(steps), photo("astronaut.jpg")) >= USUAL


def test_the_focal_point_is_the_result_s() -> None:
    facts = inspect(photo(), LIMITS)
    pipeline = asked(("crop", {"width": 500, "height": 500, "anchor": "focal"}))
    settled = pipeline.with_focal_point(facts, {"x": 0.9, "y": 0.8})
    assert alike(settled, photo()) >= USUAL


def test_a_watermark_image_is_shown() -> None:
    mark = encoded(Image.new("RGBA", (300, 100), (200, 0, 0, 255)), "PNG")
    pipeline = asked(("watermark", {"image_id": 7, "margin": 100, "opacity": 1.0}))
    resolved = pipeline.with_overlays({7: Overlay.read(mark, LIMITS)})
    assert alike(resolved, photo(), overlays={7: mark}) >= USUAL
    with pytest.raises(OverlayMissing):
        previewed(pipeline, photo())


def test_a_preview_from_the_proxy_looks_like_one_from_the_source() -> None:
    data = photo(width=3000)
    facts = inspect(data, LIMITS)
    proxy = derive(data, facts, LIMITS, proxy=True).proxy
    assert proxy is not None
    pipeline = asked(("crop", {"x": 600, "y": 200, "width": 1800, "height": 1200}), ("blur", {}))
    from_proxy = preview(proxy.data, inspect(proxy.data, LIMITS), facts, pipeline, LIMITS)
    from_source = preview(data, facts, facts, pipeline, LIMITS)
    assert from_proxy.width == 1024
    assert abs(from_proxy.height - 683) <= 1
    size = from_proxy.width, from_proxy.height
    other = opened(from_source.data).resize(size)
    assert similarity(opened(from_proxy.data), other) > 0.9


@pytest.mark.parametrize("orientation", [2, 6, 7])  # mirrored, turned, both
def test_every_orientation_stands_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(opened(photo()), "JPEG", exif=exif)
    assert alike(asked(("resize", {"width": 500})), data) >= USUAL


def source_scale(pipeline: Pipeline) -> float:
    """At what scale a preview of the photograph needs it."""
    facts = inspect(photo(), LIMITS)
    return PreviewPlan.of(facts, plan(facts, pipeline, LIMITS).steps, LONGEST).scales[0]


def test_the_scale_of_the_source() -> None:
    assert source_scale(asked(("flip", {}))) == 0.25
    assert source_scale(asked(("crop", {"width": 320, "height": 300}))) == 1
    assert source_scale(asked(("resize", {"width": 640}), ("flip", {}))) == 0.25


def test_a_large_intermediate_step_is_reduced() -> None:
    steps = asked(
        ("resize", {"width": 9000}), ("blur", {}), ("crop", {"width": 300, "height": 200})
    )
    shown = previewed(steps, photo())
    assert shown.width < 300
    assert source_scale(steps) <= 1


@pytest.mark.parametrize(
    ("format_name", "made", "mode"),
    [
        ("jpeg", "JPEG", "RGB"),
        ("png", "PNG", "RGBA"),
        ("webp", "WEBP", "RGBA"),
        ("avif", "PNG", "RGBA"),
    ],
)
def test_alpha_is_shown_where_the_result_has_it(format_name: str, made: str, mode: str) -> None:
    shown = previewed(asked(("round_corners", {"radius": "20%"}), format=format_name), photo())
    assert (shown.format, opened(shown.data).mode) == (made, mode)
    corner = opened(shown.data).getpixel((0, 0))
    assert np.asarray(corner)[-1] >= 250 if made == "JPEG" else np.asarray(corner)[-1] == 0


def test_without_alpha_it_is_a_jpeg() -> None:
    assert previewed(asked(("flip", {}), format="png"), photo()).format == "JPEG"


def test_a_step_that_does_not_fit_after_trimming_is_refused() -> None:
    framed = asked(
        ("border", {"width": 300}), ("trim", {}), ("crop", {"width": 1700, "height": 99})
    )
    with pytest.raises(CropOutsideImage) as refusal:
        previewed(framed, photo())
    assert refusal.value.pointer == "/transformations/2/params/width"


@pytest.mark.parametrize(
    "steps",
    [
        [("flip", {})],
        [("resize", {"width": 640}), ("grayscale", {}), ("blur", {"radius": 4})],
        [("border", {"width": 60}), ("trim", {}), ("border", {"width": 30})],
        [("change_format", {"format": "png"}), ("sepia", {})],
    ],
    ids=lambda steps: "-".join(name for name, _ in steps),
)
def test_steps_that_were_planned_before_are_not_planned_again(
    steps: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan of the result, as JSON, is enough."""
    pipeline = asked(*steps)
    facts = inspect(photo(), LIMITS)
    planned = PreviewPlan.of(facts, plan(facts, pipeline, LIMITS).steps, LONGEST)
    sent = PreviewPlan.from_dict(json.loads(json.dumps(planned.to_dict())))
    assert sent == planned
    usual = previewed(pipeline, photo())
    monkeypatch.setattr(preview_module, "plan_pipeline", None)
    again = Pipeline.from_canonical(pipeline.canonical())
    shown = previewed(again, photo(), planned=sent)
    assert similarity(*(on_gray(opened(it.data), (320, 200)) for it in (shown, usual))) > 0.98

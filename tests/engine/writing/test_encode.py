"""Encoding: options of each format, quality, the search for a size."""

import random

import pytest
from PIL import Image, JpegImagePlugin

from image_processor.engine import (
    InvalidImage,
    Pipeline,
    content_type,
    extension,
    inspect,
    plan,
    render,
)
from image_processor.engine.writing.encode import MAX_ENCODES
from tests.engine import hostile
from tests.engine.builders import (
    LIMITS,
    encoded,
    frames_of,
    gradient,
    image_of,
    photo,
    run,
    step,
)

FLIP = step("flip")


@pytest.mark.parametrize(("quality", "sampling"), [(50, 2), (85, 2), (91, 2), (92, 0), (100, 0)])
def test_jpeg_is_progressive_with_colour_at_half_size_below_92(quality: int, sampling: int) -> None:
    image = image_of(run(photo("rocket.jpg"), FLIP, quality=quality))
    assert image.info["progressive"]
    assert JpegImagePlugin.get_sampling(image) == sampling


def test_quality_moves_the_size() -> None:
    sizes = [len(run(photo("rocket.jpg"), FLIP, quality=q).data) for q in (20, 50, 85, 95)]
    assert sizes == sorted(sizes)
    default = run(photo("rocket.jpg"), FLIP)
    assert (len(default.data), default.quality) == (sizes[2], 85)


@pytest.mark.parametrize("target", ["jpeg", "webp"])
@pytest.mark.parametrize("limit", [8_000, 20_000, 30_000])
def test_max_bytes_finds_the_best_quality_that_fits(target: str, limit: int) -> None:
    result = run(photo("rocket.jpg"), step("compress", max_bytes=limit), format=target)
    assert len(result.data) <= limit
    assert 1 < result.encodes <= MAX_ENCODES
    assert result.warnings == []
    assert result.quality is not None
    above = run(photo("rocket.jpg"), FLIP, FLIP, format=target, quality=result.quality + 1)
    assert len(above.data) > limit


def test_a_file_that_fits_at_once_is_encoded_once() -> None:
    result = run(photo("rocket.jpg"), step("compress", max_bytes=10**7))
    assert (result.encodes, result.quality) == (1, 85)


def test_an_unreachable_size_gives_the_smallest_file_with_a_warning() -> None:
    result = run(photo("rocket.jpg"), step("compress", max_bytes=1000, min_quality=30))
    assert result.quality == 30
    assert result.encodes <= MAX_ENCODES
    (warning,) = result.warnings
    assert warning["code"] == "target_missed"
    assert (warning["limit"], warning["actual"]) == (1000, len(result.data))


def test_formats_without_quality_are_written_once() -> None:
    result = run(photo("horse.png"), step("compress", max_bytes=1000))
    assert (result.encodes, result.quality) == (1, None)
    assert [warning["code"] for warning in result.warnings] == ["target_missed"]


@pytest.mark.parametrize("target", ["png", "webp", "tiff"])
def test_lossless_keeps_every_pixel(target: str) -> None:
    source = gradient(mode="RGB")
    result = run(encoded(source, "PNG"), FLIP, FLIP, format=target, lossless=True)
    assert image_of(result).convert("RGB").tobytes() == source.tobytes()


@pytest.mark.parametrize("target", ["png", "webp", "tiff", "gif", "avif"])
def test_alpha_is_kept_where_the_format_can(target: str) -> None:
    source = gradient(mode="RGB").convert("RGBA")
    source.paste((0, 0, 0, 0), (10, 10, 30, 30))
    image = image_of(run(encoded(source, "PNG"), FLIP, format=target)).convert("RGBA")
    assert image.getchannel("A").getextrema() == (0, 255)


@pytest.mark.parametrize("target", ["jpeg", "png", "webp", "gif", "tiff", "avif"])
def test_every_format_is_written_from_every_mode(target: str) -> None:
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        result = run(encoded(gradient(mode=mode), "PNG"), FLIP, format=target)
        assert image_of(result).size == (64, 48)


@pytest.mark.parametrize("quality", [85, 94, 100])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_noise_is_written_however_badly_it_compresses(mode: str, quality: int) -> None:
    bands = 3 if mode == "RGB" else 1
    noise = Image.frombytes(mode, (640, 480), random.Random(7).randbytes(640 * 480 * bands))
    result = run(encoded(noise, "PNG"), FLIP, format="jpeg", quality=quality)
    assert image_of(result).size == (640, 480)
    assert len(result.data) > 640 * 480 * bands * 0.2


def test_names_of_formats() -> None:
    assert (content_type("JPEG"), extension("JPEG")) == ("image/jpeg", "jpg")
    assert (content_type("MPO"), extension("BMP")) == ("image/jpeg", "bmp")
    with pytest.raises(KeyError):
        content_type("SVG")


def test_a_checkpoint_may_stop_the_work_and_sees_progress() -> None:
    class Stop(Exception):
        pass

    seen: list[float] = []

    def watch(progress: float) -> None:
        seen.append(progress)
        if progress >= 0.5:
            raise Stop

    data = photo("rocket.jpg")
    steps = Pipeline.parse([FLIP, step("blur"), FLIP])
    facts = inspect(data, LIMITS)
    with pytest.raises(Stop):
        render(data, facts, steps, LIMITS, checkpoint=watch)
    assert seen[0] == 0.0
    assert seen == sorted(seen)
    assert 2 < len(set(seen)) < 5
    all_of_it: list[float] = []
    render(data, facts, steps, LIMITS, checkpoint=all_of_it.append)
    assert sorted(set(all_of_it)) == pytest.approx([0, 0.225, 0.45, 0.675, 0.9])
    assert all_of_it[-1] == 0.9


def test_pixels_that_do_not_match_the_facts_are_refused() -> None:
    data = encoded(gradient(), "PNG")
    facts = inspect(encoded(gradient(32, 32), "PNG"), LIMITS)
    with pytest.raises(InvalidImage, match="64x48"):
        render(data, facts, Pipeline.parse([FLIP]), LIMITS)
    assert plan(facts, Pipeline.parse([FLIP]), LIMITS).width == 32


def test_a_picture_that_ends_too_early_is_refused_when_it_is_decoded() -> None:
    data = hostile.png(200, 200)
    assert inspect(data, LIMITS).width == 200
    with pytest.raises(InvalidImage, match="decoding"):
        run(data, FLIP)


def test_black_beside_a_clear_margin_stays_in_an_animated_gif() -> None:
    frames = []
    for colour in ("red", "black", "blue"):
        frame = Image.new("RGBA", (20, 10))
        frame.paste(colour, (0, 3, 20, 10))
        frames.append(frame)
    data = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:], duration=100)
    written = frames_of(run(data, step("flip"), format="gif").data)
    assert [image.getchannel("A").getbbox() for image, _ in written] == [(0, 0, 20, 7)] * 3
    assert max(written[1][0].getpixel((10, 3))[:3]) <= 1

"""A picture that had a palette gets one again, with exactly the same pixels."""

import numpy as np
import pytest
from PIL import Image

from image_processor.engine import Pipeline
from image_processor.engine.preview import preview
from image_processor.engine.writing.palette import with_palette
from tests.engine.builders import LIMITS, animation, encoded, facts_of, gradient, opened, run, step

KEEPS = {
    "crop": step("crop", x=3, y=5, width=50, height=40),
    "flip": step("flip"),
    "quarter": step("rotate", degrees=90),
    "nearest": step("resize", width=200, kernel="nearest"),
}


def drawing(colours: int, mode: str = "P") -> Image.Image:
    """A picture of exactly so many colours, some of them half clear if `mode` is `PA`."""
    image = Image.new("P", (64, 48))
    image.putdata(np.random.default_rng(1).integers(0, colours, 64 * 48).tolist())
    image.putpalette([(37 * n) % 256 if band else n for n in range(colours) for band in range(3)])
    if mode == "PA":
        image.info["transparency"] = bytes(range(0, 4 * colours, 4))[: colours // 2]
    return image


def rgba(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGBA"))


@pytest.mark.parametrize("mode", ["P", "PA"])
@pytest.mark.parametrize("name", KEEPS)
def test_steps_that_make_no_colours_keep_the_palette(name: str, mode: str) -> None:
    source = drawing(40, mode)
    result = run(encoded(source, "PNG"), KEEPS[name])
    image = opened(result.data)
    truecolour = opened(run(encoded(source.convert("RGBA"), "PNG"), KEEPS[name]).data)
    assert image.mode == "P"
    assert (rgba(image) == rgba(truecolour)).all()
    assert len(result.data) < len(
        encoded(truecolour.convert("RGBA" if mode == "PA" else "RGB"), "PNG")
    )
    assert result.has_alpha == (mode == "PA")


@pytest.mark.parametrize(("colours", "depth"), [(2, 1), (4, 2), (16, 4), (17, 8), (256, 8)])
def test_the_palette_has_the_smallest_depth(colours: int, depth: int) -> None:
    result = run(encoded(drawing(colours), "PNG"), step("flip")).data
    assert (result[24], result[25]) == (depth, 3)


@pytest.mark.rule(
    "PNG GIF BMP TIFF",
    "kept",
    "A palette, in a PNG of one picture with at most 256 colours.",
)
@pytest.mark.parametrize("format_name", ["GIF", "BMP", "TIFF"])
def test_a_palette_of_any_format_becomes_one_of_png(format_name: str) -> None:
    source = drawing(16)
    image = opened(run(encoded(source, format_name), step("flip"), format="png").data)
    assert image.mode == "P"
    assert (rgba(image) == rgba(source.transpose(Image.Transpose.FLIP_TOP_BOTTOM))).all()


@pytest.mark.rule(
    "PNG",
    "kept",
    "One bit a pixel, in a PNG that has no other grays.",
)
def test_one_bit_stays_one_bit() -> None:
    source = gradient(mode="1")
    image = opened(run(encoded(source, "PNG"), step("flip")).data)
    assert image.mode == "1"
    assert (np.asarray(image) == np.asarray(source)[::-1]).all()


def test_new_colours_and_other_pictures_get_no_palette() -> None:
    smooth = run(encoded(gradient(mode="P"), "PNG"), step("resize", width=40))
    assert opened(smooth.data).mode == "RGB"
    few = run(encoded(drawing(4).convert("RGB"), "PNG"), step("flip"))
    assert opened(few.data).mode == "RGB"
    tones = run(encoded(gradient(mode="1"), "PNG"), step("resize", width=40))
    assert opened(tones.data).mode == "L"
    animated = opened(run(animation("GIF"), step("flip"), format="png").data)
    assert animated.n_frames == 3  # type: ignore[attr-defined]


def test_the_same_pixels_give_the_same_file() -> None:
    source = drawing(200)
    other = drawing(200)
    other.info["comment"] = "x"
    assert run(encoded(source, "PNG"), step("flip")).data == (
        run(encoded(other.convert("RGB").quantize(256), "PNG"), step("flip")).data
    )


def test_a_preview_in_the_format_of_the_result_has_the_palette() -> None:
    data = encoded(drawing(16), "PNG")
    facts = facts_of(data)
    pipeline = Pipeline.parse([step("flip")])
    assert opened(preview(data, facts, facts, pipeline, LIMITS, encoded=True).data).mode == "P"


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_a_picture_of_many_colours_stays_as_it_is(mode: str) -> None:
    image = gradient(mode=mode)
    assert with_palette(image) is image

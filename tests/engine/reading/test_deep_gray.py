"""Gray samples of more than eight bits become eight bits over their range."""

import numpy as np
import pytest
from PIL import Image

from image_processor.engine import UnsupportedFormat
from tests.engine.builders import encoded, gradient, image_of, run, step
from tests.engine.files.tiffs import Layout

SAME = step("crop", x=0, y=0, width=64, height=48)


@pytest.mark.rule(
    "PNG TIFF", "converted", "Gray of 16 bits is scaled to 8 bits over its full range."
)
@pytest.mark.parametrize("format_name", ["PNG", "TIFF"])
def test_sixteen_bit_gray_keeps_all_its_tones(format_name: str) -> None:
    deep = gradient(mode="I;16")
    result = image_of(run(encoded(deep, format_name), SAME, format="png"))
    assert result.mode == "L"
    wanted = np.asarray(deep, dtype=np.float64) / 257
    assert np.abs(np.asarray(result) - wanted).max() <= 1
    assert len(np.unique(np.asarray(result))) > 50


@pytest.mark.rule(
    "TIFF",
    "converted",
    "Signed and floating-point gray has no fixed range: the smallest finite sample becomes black, "
    "the largest white.",
)
def test_floating_point_samples_are_spread_over_the_tones() -> None:
    wide = gradient(mode="L").convert("F").point(lambda value: value * 0.001 + 3)
    result = np.asarray(image_of(run(encoded(wide, "TIFF"), SAME, format="png")))
    assert (result.min(), result.max()) == (0, 255)


@pytest.mark.rule(
    "TIFF", "converted", "Unsigned gray of 32 bits is scaled to 8 bits over its full range."
)
def test_unsigned_samples_of_32_bits_keep_their_full_range() -> None:
    samples = np.full((48, 64, 1), 2**31)
    result = image_of(run(Layout(1, 32).build(samples), SAME, format="png"))
    assert result.getextrema() == (128, 128)


@pytest.mark.rule(
    "TIFF",
    "warned of",
    "Gray samples that are infinite or not a number. Those that are not a number become black.",
)
def test_samples_that_are_not_finite_are_shown_with_a_warning() -> None:
    samples = np.linspace(0, 1, 64 * 48, dtype=np.float32).reshape(48, 64)
    samples[10, :3] = np.nan, np.inf, -np.inf
    result = run(encoded(Image.fromarray(samples), "TIFF"), SAME, format="png")
    assert [warning["code"] for warning in result.warnings] == ["samples_not_finite"]
    levels = np.asarray(image_of(result))
    assert levels[10, :3].tolist() == [0, 255, 0]
    assert (levels[0, 0], levels[-1, -1]) == (0, 255)


@pytest.mark.rule("TIFF", "refused", "Pictures without a finite sample.")
def test_a_picture_without_a_finite_sample_is_refused_by_name() -> None:
    data = encoded(Image.fromarray(np.full((48, 64), np.nan, dtype=np.float32)), "TIFF")
    with pytest.raises(UnsupportedFormat, match="without a finite sample is not supported"):
        run(data, SAME, format="png")

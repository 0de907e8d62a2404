"""The resolution of a source is kept on request, in every format that has one."""

import pytest
from PIL import ExifTags, Image

from tests.engine.builders import encoded, gradient, opened, run, step

BASE = ExifTags.Base
TARGETS = ["jpeg", "png", "webp", "avif", "tiff"]


def exif(across: float, down: float, unit: int = 2) -> Image.Exif:
    tags = Image.Exif()
    tags[BASE.XResolution], tags[BASE.YResolution] = across, down
    tags[BASE.ResolutionUnit] = unit
    return tags


def resolution(data: bytes) -> tuple[float, float] | None:
    """What a reader finds: the file's own density, or else that in EXIF."""
    image = opened(data)
    tags = image.getexif()
    if image.format in ("JPEG", "PNG"):
        found = image.info.get("dpi") if image.info.get("jfif_unit", 1) else None
    else:
        found = (tags[BASE.XResolution], tags[BASE.YResolution]) if BASE.XResolution in tags else ()
    return (float(found[0]), float(found[1])) if found else None


SOURCES = {
    "JFIF": encoded(gradient(), "JPEG", dpi=(300, 300)),
    "EXIF of a JPEG": encoded(gradient(), "JPEG", exif=exif(300, 300)),
    "EXIF in centimetres": encoded(gradient(), "JPEG", exif=exif(300 / 2.54, 300 / 2.54, 3)),
    "PNG": encoded(gradient(), "PNG", dpi=(300, 300)),
    "TIFF": encoded(gradient(), "TIFF", dpi=(300, 300)),
    "BMP": encoded(gradient(), "BMP", dpi=(300, 300)),
    "WebP": encoded(gradient(), "WEBP", exif=exif(300, 300)),
}


@pytest.mark.rule(
    "every",
    "kept",
    "With `metadata` `keep`, the resolution, also if the picture is resized: in the header of"
    " JPEG, PNG and TIFF, and in EXIF.",
)
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
@pytest.mark.parametrize("target", TARGETS)
def test_the_resolution_is_kept_unchanged_by_resizing(source: bytes, target: str) -> None:
    result = run(source, step("resize", width=32), format=target, metadata="keep")
    assert resolution(result.data) == pytest.approx((300, 300), abs=0.01)


@pytest.mark.parametrize("metadata", [None, "strip"])
@pytest.mark.parametrize("source", ["JPEG", "PNG", "TIFF"])
def test_without_the_request_no_resolution_is_written(source: str, metadata: str | None) -> None:
    data = encoded(gradient(), source, dpi=(300, 300))
    result = run(data, step("compress", quality=80), format=source, metadata=metadata)
    assert resolution(result.data) is None


@pytest.mark.parametrize("target", TARGETS)
def test_a_turned_picture_exchanges_the_two_sides(target: str) -> None:
    tags = exif(200, 100)
    tags[BASE.Orientation] = 6
    data = encoded(gradient(), "JPEG", exif=tags)
    result = run(data, step("flip"), format=target, metadata="keep")
    assert resolution(result.data) == pytest.approx((100, 200), abs=0.01)


@pytest.mark.parametrize(
    "tags", [exif(300, 300, 1), exif(0, 0), exif(1e9, 1e9), Image.Exif()], ids=str
)
def test_an_impossible_or_unitless_resolution_is_not_kept(tags: Image.Exif) -> None:
    tags[BASE.Make] = "Canon"
    result = run(encoded(gradient(), "JPEG", exif=tags), step("flip"), metadata="keep")
    assert resolution(result.data) is None
    assert BASE.XResolution not in opened(result.data).getexif()


@pytest.mark.parametrize("format_name", ["jpeg", "png", "tiff"])
def test_a_fraction_of_a_dot_is_kept(format_name: str) -> None:
    """A PNG counts whole pixels a metre: 72 dots per inch are 2,835, or 72.009."""
    data = encoded(gradient(), "PNG", dpi=(72, 72))
    result = run(data, step("flip"), format=format_name, metadata="keep")
    again = run(result.data, step("flip"), format="png", metadata="keep")
    expected = 72 if format_name == "jpeg" else 2835 * 0.0254
    assert resolution(again.data) == pytest.approx((expected, expected), abs=0.02)

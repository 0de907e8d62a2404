"""The EXIF orientation is applied to the pixels, and no result carries one."""

import struct
from typing import Any

import pytest
from PIL import Image, ImageChops
from PIL.PngImagePlugin import PngInfo

from image_processor.engine import Pipeline, inspect, plan
from tests.engine.builders import (
    BLUE,
    GREEN,
    LIMITS,
    RED,
    WHITE,
    corners,
    encoded,
    image_of,
    opened,
    photo,
    quadrants,
    run,
    step,
)

ORIENTATION = 0x0112

# What undoes each orientation: a picture stored so, looked at so, is upright.
STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def stored(
    orientation: int,
    format_name: str,
    size: tuple[int, int] = (60, 40),
    scene: Image.Image | None = None,
) -> bytes:
    """An upright 60x40 picture, or `scene`, as a camera in that orientation stores it."""
    upright = scene or quadrants(*size)
    turn = STORED_AS[orientation]
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    options = {"quality": 95} if format_name in ("JPEG", "WEBP", "AVIF") else {}
    image = upright.transpose(turn) if turn is not None else upright
    return encoded(image, format_name, exif=exif, **options)


def assert_upright(image: Image.Image) -> None:
    for actual, wanted in zip(corners(image), (RED, GREEN, BLUE, WHITE), strict=True):
        assert all(abs(a - w) < 30 for a, w in zip(actual, wanted, strict=True))


@pytest.mark.rule(
    "JPEG PNG WEBP TIFF AVIF",
    "converted",
    "The orientation in EXIF is applied to the pixels; no result carries one.",
)
@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(orientation: int, format_name: str) -> None:
    data = stored(orientation, format_name)
    facts = inspect(data, LIMITS)
    assert (facts.width, facts.height) == (60, 40)
    assert facts.orientation == orientation
    result = run(data, step("resize", width=30), format="png")
    assert (result.width, result.height) == (30, 20)
    assert_upright(image_of(result))


@pytest.mark.parametrize("steps", [[], [step("resize", width=31)]], ids=["as it is", "resized"])
@pytest.mark.parametrize("format_name", ["PNG", "TIFF"])
def test_all_orientations_come_out_equal(format_name: str, steps: list[dict[str, Any]]) -> None:
    """Equal to the byte, or within two levels if the image is turned after resampling."""
    cat = opened(photo("chelsea.png")).convert("RGB").resize((60, 40))
    results = [
        image_of(run(stored(turn, format_name, scene=cat), *steps, step("flip"), format="png"))
        for turn in range(1, 9)
    ]
    allowed = 2 if steps else 0
    for result in results[1:]:
        assert result.size == results[0].size
        differences = ImageChops.difference(result, results[0]).getextrema()
        assert max(high for _, high in differences) <= allowed


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_to_a_jpeg_decoded_reduced(orientation: int) -> None:
    data = stored(orientation, "JPEG", (600, 400))
    result = run(data, step("mirror"), step("mirror"), step("resize", width=60, height=40))
    assert sorted(result.decoded_size) == [100, 150]
    assert_upright(image_of(result))


@pytest.mark.parametrize("metadata", [None, "keep", "strip"])
@pytest.mark.parametrize("format_name", ["jpeg", "png", "webp", "tiff", "avif"])
def test_no_result_carries_an_orientation(format_name: str, metadata: str | None) -> None:
    result = run(stored(6, "JPEG"), step("flip"), format=format_name, metadata=metadata)
    assert ORIENTATION not in opened(result.data).getexif()


@pytest.mark.parametrize("value", [0, 9, 65_535])
def test_an_orientation_out_of_range_means_upright(value: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = value
    data = encoded(quadrants(), "JPEG", exif=exif, quality=95)
    assert inspect(data, LIMITS).orientation == 1
    assert_upright(image_of(run(data, step("resize", width=30), format="png")))


def test_a_crop_is_planned_on_the_upright_picture() -> None:
    facts = inspect(stored(6, "JPEG"), LIMITS)
    planned = plan(facts, Pipeline.parse([step("crop", x=50, y=0, width=10, height=40)]), LIMITS)
    assert (planned.width, planned.height) == (10, 40)


def with_xmp_orientation(format_name: str, **options: Any) -> bytes:
    """A picture of 60x40 that has an orientation of 6 in its XMP."""
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        b'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
    )
    if format_name == "PNG":
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", packet.decode())
    elif format_name == "TIFF":
        options["tiffinfo"] = {700: packet}
    else:
        options |= {"xmp": packet, "quality": 95}
    return encoded(quadrants(), format_name, **options)


@pytest.mark.rule(
    "JPEG PNG WEBP TIFF AVIF",
    "read",
    "An orientation that only XMP has does not turn the picture.",
)
@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize("exif", [{}, {"exif": Image.Exif()}], ids=["no EXIF", "EXIF"])
def test_an_orientation_in_xmp_does_not_turn(format_name: str, exif: dict[str, Image.Exif]) -> None:
    if exif:
        exif["exif"][0x010F] = "Canon"
    data = with_xmp_orientation(format_name, **exif)
    assert inspect(data, LIMITS).orientation == 1
    result = run(data, step("resize", width=30), format="png")
    assert (result.width, result.height) == (30, 20)
    assert_upright(image_of(result))


def test_an_orientation_in_a_text_of_a_png_does_not_turn() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[0x8298] = 6, "(c) Jane"
    block, texts = exif.tobytes(), PngInfo()
    texts.add_text("Raw profile type exif", f"\nexif\n{len(block):8}\n{block.hex()}\n", zip=True)
    facts = inspect(encoded(quadrants(), "PNG", pnginfo=texts), LIMITS)
    assert (facts.orientation, facts.exif) == (1, {"copyright": "(c) Jane"})


@pytest.mark.rule(
    "JPEG",
    "read",
    "An orientation in EXIF counts only as a single number of 16 bits, from 1 to 8.",
)
@pytest.mark.parametrize(
    ("kind", "count", "turned"), [(3, 1, 6), (3, 2, 1), (4, 1, 1), (2, 2, 1), (1, 1, 1)]
)
def test_the_type_of_an_orientation(kind: int, count: int, turned: int) -> None:
    """Only a single SHORT turns, as in browsers."""
    value = b"6\0\0\0" if kind == 2 else struct.pack("<I", 6)
    entry = struct.pack("<HHI", ORIENTATION, kind, count) + value
    block = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry + bytes(4)
    assert inspect(encoded(quadrants(), "JPEG", exif=block), LIMITS).orientation == turned

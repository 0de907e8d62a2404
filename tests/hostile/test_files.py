"""Files that are refused, and unusual pictures that are accepted and processed by workers."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from PIL import ExifTags, Image

from tests.builders import hostile, pictures
from tests.engine import hostile as structures
from tests.engine.builders import animation, encoded, gradient, opened
from tests.engine.files import tag_bombs
from tests.engine.reading.test_orientation import STORED_AS, assert_upright, stored
from tests.hostile.answers import refused

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("no_worker_dies", "work_goes_on")]

BASE, IFD, GPS = ExifTags.Base, ExifTags.IFD, ExifTags.GPS
LOOP = {256: (4, 1, 8), 257: (4, 1, 8), 273: (4, 1, 8), 279: (4, 1, 8)}
TEXT_BOMB = structures.png_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(30_000_000)))


def apng(count: int) -> bytes:
    """Make an animation of `count` tiny, different frames."""
    first, *others = (Image.new("RGB", (4, 4), (n % 256, n // 256, 0)) for n in range(count))
    return encoded(first, "PNG", save_all=True, append_images=others)


REFUSED: dict[str, tuple[bytes, int, str]] = {
    "empty": (b"", 400, "invalid_image"),
    "1 x 60,000": (hostile.png(1, 60_000), 422, "image_too_large"),
    "PNG of 65,535": (hostile.png_announcing(65_535, 65_535), 422, "too_many_pixels"),
    "JPEG of 65,535": (hostile.jpeg_announcing(65_535, 65_535), 422, "too_many_pixels"),
    "GIF of 65,535": (structures.gif(65_535, 65_535), 422, "too_many_pixels"),
    "bomb": (hostile.png(8_750, 8_000), 422, "too_many_pixels"),
    "GIF of 1,001 frames": (structures.gif(4, 4, 1_001), 422, "too_many_frames"),
    "WebP of 1,001 frames": (structures.webp(16, 16, 1_001), 422, "too_many_frames"),
    "APNG of 1,001 frames": (apng(1_001), 422, "too_many_frames"),
    "GIF of many pixels in frames": (structures.gif(500, 500, 1_000), 422, "too_many_pixels"),
    "truncated JPEG": (hostile.truncated("JPEG"), 400, "invalid_image"),
    "truncated PNG": (hostile.truncated("PNG"), 400, "invalid_image"),
    "truncated WebP": (hostile.truncated("WEBP"), 400, "invalid_image"),
    "TIFF directory loop": (structures.tiff(LOOP, following=8), 400, "invalid_image"),
    "text": (b"I am no picture, whatever my name says.", 400, "invalid_image"),
    **{
        name: (structures.FOREIGN[name], 415, "unsupported_format")
        for name in ("EPS", "PSD", "PDF", "SVG", "ICO", "FITS", "HTML")
    },
}


@pytest.mark.parametrize(("data", "status", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(
    client: httpx.Client, nothing_left: Any, data: bytes, status: int, code: str
) -> None:
    with nothing_left():
        answer = client.post("/images/upload/", files={"file": ("photo.jpg", data, "image/jpeg")})
        body = refused(answer, status, code)
    if status == 422:
        assert body["actual"] > body["limit"]


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("run.sh", "rm -rf /")
    return buffer.getvalue()


def with_alpha_in_the_palette() -> bytes:
    image = gradient(64, 48, "P")
    return encoded(image, "PNG", transparency=bytes(range(64)))


HTML = b"<html><script>alert(1)</script></html>"
GIF, PNG = animation("GIF", 200), animation("PNG", 200)
ODD: dict[str, tuple[str, bytes]] = {
    "one pixel": ("a.png", encoded(Image.new("RGB", (1, 1)), "PNG")),
    "10,000 x 1": ("a.png", encoded(Image.new("L", (10_000, 1)), "PNG")),
    "49 megapixels of black": ("a.png", hostile.png(7_000, 7_000)),
    "GIF of 200 frames": ("a.gif", GIF),
    "WebP of 200 frames": ("a.webp", animation("WEBP", 200)),
    "APNG of 200 frames": ("a.png", PNG),
    "broken ICC": ("a.jpg", pictures.jpeg(icc_profile=b"acsp" * 50)),
    "ICC of a megabyte": ("a.jpg", pictures.jpeg(icc_profile=b"\0" * 1_000_000)),
    "JPEG of comments": ("a.jpg", pictures.jpeg(comment=b"x" * 60_000)),
    "tags of a PNG": ("a.png", tag_bombs.png_bomb(2_000_000)),
    "tags of a TIFF": ("a.tif", tag_bombs.tiff_bomb(2_000_000)),
    "wrong extension": ("a.png", pictures.jpeg()),
    "no extension": ("a", encoded(gradient(), "WEBP")),
    "HTML appended": ("a.jpg", pictures.jpeg() + HTML),
    "ZIP appended": ("a.jpg", pictures.jpeg() + zipped()),
    "CMYK": ("a.jpg", encoded(gradient(64, 48, "CMYK"), "JPEG")),
    "16 bit": ("a.png", encoded(gradient(64, 48, "I;16"), "PNG")),
    "16 bit TIFF": ("a.tif", encoded(gradient(64, 48, "I;16"), "TIFF")),
    "palette with alpha": ("a.png", with_alpha_in_the_palette()),
    "text of 30 MB": ("a.png", structures.png(8, 8, TEXT_BOMB)),
    "two colours": ("a.png", encoded(gradient(64, 48).convert("1"), "PNG")),
}


@pytest.mark.parametrize(("name", "data"), ODD.values(), ids=ODD.keys())
def test_odd_but_a_picture(
    client: httpx.Client, end_of: Callable[..., Any], name: str, data: bytes
) -> None:
    answer = client.post("/images/upload/", files={"file": (name, data, "text/html")})
    assert answer.status_code == 201, answer.text
    metadata = answer.json()["metadata"]
    small = {"operation": "resize", "params": {"width": 1, "height": 1, "fit": "fill"}}
    for steps in ([{"operation": "flip", "params": {}}], [small]):
        done = end_of(answer.json()["id"], *steps, format="jpeg")
        assert done["status"] == "SUCCESS", done
        result = httpx.get(done["result_url"])
        assert result.headers["Content-Type"] == "image/jpeg"
        assert HTML not in result.content
        assert b"run.sh" not in result.content
        picture = opened(result.content)
        expected = (1, 1) if steps == [small] else (metadata["width"], metadata["height"])
        assert picture.size == expected


def test_the_sender_s_type_and_name_are_never_ours(client: httpx.Client) -> None:
    for kind in ("text/html", "image/svg+xml", "application/javascript"):
        files = {"file": ("evil.html", pictures.jpeg() + HTML, kind)}
        image = client.post("/images/upload/", files=files).json()
        for answer in (
            httpx.get(image["file"]),
            client.get(f"/images/{image['id']}/original/"),
        ):
            assert answer.headers["Content-Type"] == "image/jpeg"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_position_and_serial_numbers_are_gone_from_results(
    client: httpx.Client, end_of: Callable[..., Any]
) -> None:
    exif = Image.Exif()
    exif[BASE.Model] = "Camera"
    exif[BASE.Artist] = "Jane Doe"
    details = exif.get_ifd(IFD.Exif)
    details[BASE.BodySerialNumber] = details[BASE.LensSerialNumber] = "SECRET-NUMBER"
    details[BASE.MakerNote] = b"SECRET-NUMBER"
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", (48.0, 51.0, 29.0)
    data = pictures.jpeg(exif=exif)
    assert b"SECRET-NUMBER" in data
    files = {"file": ("photo.jpg", data)}
    image = client.post("/images/upload/", files=files).json()["id"]
    for format_name in ("jpeg", "png", "webp", "tiff", "avif"):
        done = end_of(image, format=format_name, metadata="keep")
        result = httpx.get(done["result_url"]).content
        assert b"SECRET-NUMBER" not in result
        kept = opened(result).getexif()
        assert kept[BASE.Artist] == "Jane Doe"
        assert not kept.get_ifd(IFD.GPSInfo)


@pytest.mark.parametrize("orientation", STORED_AS)
def test_every_orientation_comes_out_upright(
    client: httpx.Client, end_of: Callable[..., Any], orientation: int
) -> None:
    files = {"file": ("photo.jpg", stored(orientation, "JPEG"))}
    image = client.post("/images/upload/", files=files).json()["id"]
    done = end_of(image, {"operation": "resize", "params": {"width": 30}}, format="png")
    picture = opened(httpx.get(done["result_url"]).content)
    assert picture.size == (30, 20)
    assert_upright(picture)

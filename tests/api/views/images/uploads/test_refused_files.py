"""Uploaded files that are refused, and limits of files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from rest_framework.test import APIClient

from tests.api.problems import refused
from tests.api.views.images.uploads.conftest import UPLOAD
from tests.builders import hostile, pictures

WIDE = pictures.encoded(Image.new("L", (10_001, 1)), "PNG")
REFUSED: dict[str, tuple[bytes, int, str]] = {
    "empty": (b"", 400, "invalid_image"),
    "one byte": (b"\xff", 400, "invalid_image"),
    "text named .jpg": (b"I am no picture, whatever my name says.", 400, "invalid_image"),
    "truncated JPEG": (hostile.truncated("JPEG"), 400, "invalid_image"),
    "truncated PNG": (hostile.truncated("PNG"), 400, "invalid_image"),
    "truncated WebP": (hostile.truncated("WEBP"), 400, "invalid_image"),
    "truncated GIF": (hostile.truncated("GIF"), 400, "invalid_image"),
    "header of a JPEG": (hostile.truncated("JPEG")[:20], 400, "invalid_image"),
    "70 megapixels": (hostile.png(8750, 8000), 422, "too_many_pixels"),
    "PNG of 65,535 x 65,535": (hostile.png_announcing(65_535, 65_535), 422, "too_many_pixels"),
    "JPEG of 65,535 x 65,535": (hostile.jpeg_announcing(65_535, 65_535), 422, "too_many_pixels"),
    "PNG of 2^31 a side": (hostile.png_announcing(2**31 - 1, 2**31 - 1), 422, "too_many_pixels"),
    "a side of 10,001": (WIDE, 422, "image_too_large"),
    "1 x 60,000": (hostile.png(1, 60_000), 422, "image_too_large"),
    **{
        f"{kind} named .jpg": (data, 415, "unsupported_format")
        for kind, data in hostile.FOREIGN.items()
    },
}


@pytest.mark.parametrize(("data", "status", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_file_leaves_nothing(
    post_file: Callable[..., Any], nothing_left: Any, data: bytes, status: int, code: str
) -> None:
    with nothing_left():
        body = refused(post_file(data), status, code)
    if status == 422:
        assert body["actual"] > body["limit"]
        assert str(body["limit"]) in body["detail"]
    if status == 415:
        assert "JPEG" in body["limit"]


@pytest.mark.parametrize("kind", ["image/png", "text/html", "application/x-php"])
def test_the_content_type_of_the_client_is_ignored(
    client: APIClient, nothing_left: Any, kind: str
) -> None:
    file = SimpleUploadedFile("a.png", hostile.FOREIGN["html"], content_type=kind)
    with nothing_left():
        answer = client.post(UPLOAD, {"file": file}, format="multipart")
        refused(answer, 415, "unsupported_format")
    good = SimpleUploadedFile("a.html", pictures.jpeg(), content_type=kind)
    image = client.post(UPLOAD, {"file": good}, format="multipart").json()
    assert image["metadata"]["format"] == "JPEG"
    fetched = client.get(f"/api/v1/images/{image['id']}/original/")
    assert fetched["Content-Type"] == "image/jpeg"
    assert b"".join(fetched.streaming_content) == pictures.jpeg()


@pytest.mark.parametrize("extra", [1, 300_000, 4_000_000])
def test_a_file_over_the_size_limit_is_refused(
    post_file: Callable[..., Any], nothing_left: Any, settings: Any, extra: int
) -> None:
    settings.IMAGE_MAX_FILE_SIZE_MB = 1
    with nothing_left():
        body = refused(post_file(pictures.jpeg() + bytes(2**20 + extra)), 413, "file_too_large")
    assert body["limit"] == 2**20
    assert body["actual"] > 2**20
    assert "1 MB" in body["detail"]


def test_a_file_just_under_the_size_limit_is_accepted(
    post_file: Callable[..., Any], settings: Any
) -> None:
    settings.IMAGE_MAX_FILE_SIZE_MB = 1
    noise = Image.effect_noise((1000, 1000), 90)
    data = pictures.encoded(noise, "BMP")
    assert 2**19 < len(data) <= 2**20
    assert post_file(data).status_code == 201


def test_limits_of_sides_and_pixels_are_settings(
    post_file: Callable[..., Any], nothing_left: Any, settings: Any
) -> None:
    settings.IMAGE_MIN_PIXEL_SIZE, settings.IMAGE_MAX_PIXEL_SIZE = 100, 200
    settings.IMAGE_MAX_PIXELS = 30_000
    with nothing_left():
        body = refused(post_file(pictures.jpeg(99, 150)), 422, "image_too_small")
        assert (body["limit"], body["actual"]) == (100, 99)
        body = refused(post_file(pictures.jpeg(201, 100)), 422, "image_too_large")
        assert (body["limit"], body["actual"]) == (200, 201)
        body = refused(post_file(pictures.jpeg(200, 151)), 422, "too_many_pixels")
        assert (body["limit"], body["actual"]) == (30_000, 30_200)
    assert post_file(pictures.jpeg(200, 150)).status_code == 201


def test_the_pixels_of_all_frames_count(
    post_file: Callable[..., Any], nothing_left: Any, settings: Any
) -> None:
    settings.IMAGE_MAX_PIXELS = 64 * 48 * 3 - 1
    frames = [pictures.noise(64, 48, seed=seed) for seed in range(3)]
    data = pictures.encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    with nothing_left():
        body = refused(post_file(data, "a.gif"), 422, "too_many_pixels")
    assert body["actual"] == 64 * 48 * 3

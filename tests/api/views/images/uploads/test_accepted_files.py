"""Uploaded files that are accepted, and what the image shows of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image, ImageFile
from rest_framework.test import APIClient

from tests.api.problems import refused
from tests.builders import pictures


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF", "BMP"])
def test_every_format_is_accepted(post_file: Callable[..., Any], format_name: str) -> None:
    data = pictures.encoded(pictures.noise(40, 30), format_name)
    answer = post_file(data, "picture.anything", description="A garden", file_name="my picture.jpg")
    assert answer.status_code == 201, answer.content
    image = answer.json()
    assert answer["Location"] == f"/api/v1/images/{image['id']}/"
    assert answer["ETag"]
    expected = {
        "status": "ready",
        "file_name": "my picture.jpg",
        "description": "A garden",
        "tags": [],
        "focal_point": None,
        "analysis_status": "none",
        "duplicate_of": None,
    }
    assert {name: image[name] for name in expected} == expected
    facts = image["metadata"]
    assert (facts["format"], facts["width"], facts["height"]) == (format_name, 40, 30)
    assert facts["size_bytes"] == len(data)
    assert facts["dominant_colors"] is None
    assert facts["thumbhash"] is None
    fetched = APIClient().get(image["file"])
    assert b"".join(fetched.streaming_content) == data


def test_a_multi_picture_jpeg_is_accepted(post_file: Callable[..., Any]) -> None:
    second = pictures.noise(40, 30, seed=2)
    data = pictures.encoded(pictures.noise(40, 30), "MPO", save_all=True, append_images=[second])
    assert post_file(data).json()["metadata"]["format"] == "MPO"


def test_an_image_of_one_pixel_is_accepted(post_file: Callable[..., Any]) -> None:
    data = pictures.encoded(Image.new("L", (1, 1)), "PNG")
    assert post_file(data).json()["metadata"]["width"] == 1


def jpeg_with_position() -> bytes:
    exif = Image.Exif()
    exif[0x0110] = "Camera"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (48.0, 51.0, 29.0)
    place[3], place[4] = "E", (2.0, 17.0, 40.0)
    return pictures.jpeg(exif=exif)


def test_the_gps_position_is_shown_on_request_only(
    client: APIClient, post_file: Callable[..., Any]
) -> None:
    uploaded = post_file(jpeg_with_position())
    path = f"/api/v1/images/{uploaded.json()['id']}/"
    for answer in (uploaded, client.get(path), client.get("/api/v1/images/")):
        assert "gps" not in answer.content.decode().lower()
        assert "Camera" in answer.content.decode()
    shown = client.get(f"{path}?include=gps").json()["metadata"]["gps"]
    assert shown["latitude"] == pytest.approx(48.858, abs=0.001)
    assert shown["longitude"] == pytest.approx(2.294, abs=0.001)
    listed = client.get("/api/v1/images/?include=gps").json()["results"][0]
    assert listed["metadata"]["gps"] == shown
    refused(client.get(f"{path}?include=everything"), 400, "invalid_input", "/include")


@pytest.mark.parametrize(
    "format_name",
    ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF", "BMP"],
)
def test_an_upload_decodes_no_pixels(
    post_file: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, format_name: str
) -> None:
    decoded: list[str] = []
    load = ImageFile.ImageFile.load

    def counting(image: Any) -> Any:
        decoded.append(image.format)
        return load(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", counting)
    pictures.opened(pictures.jpeg())
    assert decoded == ["JPEG"]  # the patched `load` does record
    del decoded[:]
    assert post_file(pictures.encoded(pictures.noise(40, 30), format_name)).status_code == 201
    assert decoded == []


def test_an_upload_costs_at_most_thirteen_queries(
    member: Callable[..., APIClient],
    upload: Callable[..., dict[str, Any]],
) -> None:
    """Savepoints are not counted; the size of the image makes no difference."""
    client = member()
    for size in (40, 2000):
        with CaptureQueriesContext(connection) as asked:
            upload(client, pictures.jpeg(size, size))
        statements = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
        assert len(statements) <= 13, statements  # four of these are for the quotas

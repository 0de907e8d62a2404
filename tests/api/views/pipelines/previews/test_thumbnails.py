"""Thumbnails of images and results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from rest_framework.test import APIClient

from image_processor import tasks
from image_processor.storage.local import FileLink
from tests.api.views.pipelines.previews.preview_requests import FLIP
from tests.builders import pictures


def test_an_image_shows_its_thumbnail_once_it_exists(
    client: APIClient, upload: Callable[..., Any]
) -> None:
    image = upload(client, pictures.jpeg(1000, 700))
    assert image["thumbnail"] is None
    assert (image["metadata"]["dominant_colors"], image["metadata"]["thumbhash"]) == (None, None)
    path = f"/api/v1/images/{image['id']}/"
    before = client.get(path)
    tasks.work("derive")
    shown = client.get(path, HTTP_IF_NONE_MATCH=before["ETag"])
    assert shown.status_code == 200
    assert len(shown.json()["metadata"]["dominant_colors"]) == 5
    assert shown.json()["metadata"]["thumbhash"]
    linked = client.get(shown.json()["thumbnail"])
    assert pictures.opened(b"".join(linked.streaming_content)).size == (512, 358)
    assert client.get(path, HTTP_IF_NONE_MATCH=shown["ETag"]).status_code == 304
    assert client.get("/api/v1/images/").json()["results"][0]["thumbnail"]


def test_a_small_image_is_its_own_thumbnail(client: APIClient, upload: Callable[..., Any]) -> None:
    image = upload(client)
    thumbnail, file = (
        FileLink.read(urlsplit(image[name]).path.removeprefix("/files/"))
        for name in ("thumbnail", "file")
    )
    assert thumbnail.key == file.key
    assert thumbnail.expires > file.expires


def test_a_result_shows_its_thumbnail_at_once(
    client: APIClient, upload: Callable[..., Any], work_off: Callable[[], None]
) -> None:
    image = upload(client, pictures.jpeg(1000, 700))["id"]
    client.post(f"/api/v1/images/{image}/transform/", FLIP)
    work_off()
    path = "/api/v1/images/transformed/"
    assert client.get(path).json()["results"][0]["thumbnail"]

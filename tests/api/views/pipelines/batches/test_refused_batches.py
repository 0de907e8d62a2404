"""Batches that are refused, and the problem of each."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from image_processor.models import Batch, SourceImage, TransformationTask
from tests.api.problems import refused
from tests.api.views.pipelines.batches.batch_requests import BATCHES, RESIZE, post_batch

REFUSED: dict[str, tuple[dict[str, Any], int, str, str | None]] = {
    "no images": ({}, 400, "invalid_pipeline", "/image_ids"),
    "both": ({"image_ids": [1], "filter": {}}, 400, "invalid_pipeline", "/image_ids"),
    "an empty list": ({"image_ids": []}, 422, "no_images", None),
    "not a list": ({"image_ids": 7}, 400, "invalid_pipeline", "/image_ids"),
    "not an id": ({"image_ids": ["7"]}, 400, "invalid_pipeline", "/image_ids/0"),
    "true": ({"image_ids": [True]}, 400, "invalid_pipeline", "/image_ids/0"),
    "below 1": ({"image_ids": [0]}, 400, "invalid_pipeline", "/image_ids/0"),
    "too large": ({"image_ids": [2**63]}, 400, "invalid_pipeline", "/image_ids/0"),
    "twice": ({"image_ids": [5, 6, 5]}, 400, "invalid_pipeline", "/image_ids/2"),
    "too many": ({"image_ids": list(range(1, 1002))}, 422, "too_many_images", None),
    "unknown": ({"image_ids": [987_654]}, 404, "unknown_image", "/image_ids/0"),
    "filter: list": ({"filter": []}, 400, "invalid_pipeline", "/filter"),
    "filter: unknown": ({"filter": {"colour": 1}}, 400, "invalid_pipeline", "/filter/colour"),
    "filter: empty": ({"filter": {"format": ""}}, 400, "invalid_pipeline", "/filter/format"),
    "filter: true": ({"filter": {"tag": True}}, 400, "invalid_pipeline", "/filter/tag"),
    "filter: format": ({"filter": {"format": "docx"}}, 400, "invalid_input", "/filter/format"),
    "filter: number": ({"filter": {"min_width": -1}}, 400, "invalid_input", "/filter/min_width"),
    "filter: time": (
        {"filter": {"created_after": "soon"}},
        400,
        "invalid_input",
        "/filter/created_after",
    ),
    "filter: none fits": ({"filter": {"min_width": 9999}}, 422, "no_images", None),
    "unknown member": ({"image_ids": [1], "mode": 1}, 400, "invalid_pipeline", "/mode"),
    "unknown preset": ({"image_ids": [1], "preset": "x"}, 404, "unknown_preset", "/preset"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_batches_create_nothing(client: APIClient, images: list[int], name: str) -> None:
    body, status, code, pointer = REFUSED[name]
    steps = {} if "preset" in body else {"transformations": RESIZE}
    refused(client.post(BATCHES, {**steps, **body}), status, code, pointer)
    assert not Batch.objects.exists()
    assert not TransformationTask.objects.exists()


def test_an_invalid_pipeline_is_refused(client: APIClient, images: list[int]) -> None:
    bad = [{"operation": "resize", "params": {"width": 0}}]
    answer = post_batch(client, images, bad, quality=0)
    body = refused(answer, 400, "invalid_pipeline", "/transformations/0/params/width")
    assert "/quality" in [error["pointer"] for error in body["errors"]]
    refused(post_batch(client, images, []), 400, "invalid_pipeline", "/transformations")
    assert not Batch.objects.exists()


def test_an_image_of_another_user_is_reported_as_unknown(
    client: APIClient, images: list[int], client_of: Any, make_user: Any, upload: Any
) -> None:
    stranger = client_of(make_user())
    own = upload(stranger)["id"]
    body = refused(
        post_batch(stranger, [own, *images, 987_654]), 404, "unknown_image", "/image_ids/1"
    )
    assert [error["pointer"] for error in body["errors"]] == [
        f"/image_ids/{n}" for n in range(1, 6)
    ]
    assert len({error["detail"].replace(str(error["actual"]), "") for error in body["errors"]}) == 1
    assert not Batch.objects.exists()


def test_an_image_that_is_still_imported_is_refused(client: APIClient, images: list[int]) -> None:
    SourceImage.objects.filter(pk=images[1]).update(status="importing", stored_object=None)
    refused(post_batch(client, images), 409, "image_not_ready", "/image_ids/1")
    batch = client.post(BATCHES, {"filter": {}, "transformations": RESIZE}).json()
    assert batch["total"] == 3

"""What the most frequent requests cost: their queries, beside that for the session."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.utils import CaptureQueriesContext
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIClient

from api.serializers.batches import BatchSerializer
from api.serializers.images import (
    SourceImageSerializer,
    TransformedImageSerializer,
    UploadedImageSerializer,
)
from api.serializers.presets import PresetSerializer
from api.serializers.shown_row import ShownRow
from api.serializers.tasks import TaskSerializer
from image_processor.library import selectors
from tests.api.objects import objects_of
from tests.builders import pictures


@pytest.mark.parametrize(
    "path", ["images/{image}/", "tasks/{task}/", "images/", "tasks/", "images/?page_size=5&cursor="]
)
def test_reading(client: APIClient, path: str, django_assert_num_queries: Any) -> None:
    made = objects_of(client)
    address = path.format(image=made["images/{pk}/"], task=made["tasks/{pk}/"])
    with django_assert_num_queries(1):
        assert client.get(f"/api/v1/{address}").status_code == 200


def test_a_submission(
    client: APIClient,
    upload: Callable[..., dict[str, Any]],
    django_assert_num_queries: Callable[..., CaptureQueriesContext],
) -> None:
    """The image; in a savepoint of the test: locks, the result, usage, unfinished, place, task."""
    image = upload(client, pictures.jpeg())["id"]
    body = {"transformations": [{"operation": "flip"}]}
    with django_assert_num_queries(9) as made:
        assert client.post(f"/api/v1/images/{image}/transform/", body).status_code == 201
    assert sum("SAVEPOINT" in query["sql"] for query in made) == 2


def test_an_upload(client: APIClient, django_assert_num_queries: Any) -> None:
    file = SimpleUploadedFile("photo.jpg", pictures.jpeg())
    with django_assert_num_queries(12):
        answer = client.post("/api/v1/images/upload/", {"file": file}, format="multipart")
    assert answer.status_code == 201


def test_rows_are_shown_as_by_the_framework(client: APIClient, user: Any) -> None:
    objects_of(client)
    shown: list[tuple[type[ShownRow], Any]] = [
        *[(SourceImageSerializer, row) for row in selectors.images_of(user.pk)],
        *[(UploadedImageSerializer, row) for row in selectors.images_of(user.pk)],
        *[(TransformedImageSerializer, row) for row in selectors.results_of(user.pk)],
        *[(TaskSerializer, row) for row in selectors.tasks_of(user.pk)],
        *[(PresetSerializer, row) for row in selectors.presets_of(user.pk)],
        *[(BatchSerializer, row) for row in selectors.batches_of(user.pk)],
    ]
    assert len({serializer for serializer, _ in shown}) == 6
    for serializer, row in shown:
        by_framework = serializers.ModelSerializer.to_representation(serializer(), row)
        rendered = JSONRenderer().render(serializer(row).data)
        assert rendered == JSONRenderer().render(by_framework)


def test_an_id_that_no_row_can_have_is_not_found(client: APIClient) -> None:
    for pk in (2**63 - 1, 2**63, 10**30):
        answer = client.get(f"/api/v1/images/{pk}/")
        assert (answer.status_code, json.loads(answer.content)["code"]) == (404, "not_found")

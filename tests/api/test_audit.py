"""Audit lines of deleted objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from image_processor.library import images
from image_processor.models import SourceImage
from tests.audit_lines import captured

pytestmark = pytest.mark.django_db(transaction=True)

STEPS = {"transformations": [{"operation": "flip"}]}


def test_each_deletion_is_audited(
    client: APIClient,
    user: Any,
    upload: Callable[..., dict[str, Any]],
    work_off: Callable[[], None],
) -> None:
    image = upload(client)["id"]
    task = client.post(f"/api/v1/images/{image}/transform/", STEPS).json()["id"]
    other = client.post(f"/api/v1/images/{image}/transform/", STEPS).json()["id"]
    work_off()
    result = client.get(f"/api/v1/tasks/{other}/").json()["result_image"]
    with captured() as audit:
        for path in (f"tasks/{task}", f"images/transformed/{result}", f"images/{image}"):
            assert client.delete(f"/api/v1/{path}/").status_code == 204
    told = [(line["event"], line["user_id"]) for line in audit()]
    assert told == [
        ("task_deleted", user.pk),
        ("result_deleted", user.pk),
        ("image_deleted", user.pk),
    ]
    assert (audit()[0]["task"], audit()[1]["result"], audit()[2]["image"]) == (task, result, image)
    assert all(line["request_id"] and line["address"] for line in audit())


def test_a_deletion_that_is_rolled_back_is_not_audited(
    client: APIClient,
    upload: Callable[..., dict[str, Any]],
) -> None:
    image = SourceImage.objects.get(pk=upload(client)["id"])
    with captured() as audit, transaction.atomic():
        images.delete(image)
        transaction.set_rollback(True)
    assert audit() == []

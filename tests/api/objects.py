"""One object of each kind, and the paths of routes with their ids."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from image_processor import tasks
from image_processor.models import Deletion, DirectUpload
from tests.api.routes import Route
from tests.builders import pictures

KEY = {"name": "backup", "scopes": ["*"]}
HOOK = {"url": "https://93.184.216.34/", "events": ["task.failed"]}


def objects_of(client: APIClient) -> dict[str, int]:
    """Make one object of each kind for this client's user."""

    def post(path: str, **body: Any) -> int:
        answer = client.post(f"/api/v1/{path}", body)
        assert answer.status_code in (201, 202), answer.content
        return answer.json()["id"]

    file = SimpleUploadedFile("photo.jpg", pictures.jpeg())
    uploaded = client.post("/api/v1/images/upload/", {"file": file}, format="multipart")
    image = uploaded.json()["id"]
    asked = {"transformations": [{"operation": "flip"}]}
    preset = post("presets/", name="mine", **asked)
    batch = post("batches/", image_ids=[image], **asked)
    tasks.work("light")
    task = client.get("/api/v1/tasks/").json()["results"][0]
    assert task["status"] == "SUCCESS"
    hook = post("webhooks/", **HOOK)
    incoming = DirectUpload.objects.create(
        owner_id=client.get("/api/v1/auth/user/").json()["id"],
        key="incoming/x",
        size_bytes=9,
        content_type="image/png",
        expires_at=timezone.now(),
    )
    deletion = Deletion.objects.create(owner_id=incoming.owner_id, image_id=-incoming.pk)
    return {
        "images/deletions/{pk}/": deletion.pk,
        "images/direct-uploads/{pk}/": incoming.pk,
        "webhooks/deliveries/{pk}/": post(f"webhooks/{hook}/test/"),
        "webhooks/{pk}/": hook,
        "images/{pk}/": image,
        "images/status/{pk}/": image,
        "images/transformed/{pk}/": task["result_image"],
        "tasks/{pk}/": task["id"],
        "presets/{pk}/": preset,
        "batches/{pk}/": batch,
        "auth/api-keys/{pk}/": post("auth/api-keys/", **KEY),
    }


def path_with(route: Route, ids: dict[str, int] | int) -> str:
    """The route's path with an id in it; fails for a route with an unknown parameter."""
    if route.parameters != ["pk"]:
        pytest.fail(f"{route} has parameters that this test cannot fill: {route.parameters}")
    if isinstance(ids, int):
        return f"/api/v1/{route.template.format(pk=ids)}"
    for start, pk in ids.items():
        if route.template.startswith(start):
            return f"/api/v1/{route.template.format(pk=pk)}"
    pytest.fail(f"{route}: this test does not know whose id stands there; add it to `objects_of`")

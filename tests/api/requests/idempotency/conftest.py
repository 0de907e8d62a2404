"""Senders of requests that create an object."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import ApiKey
from image_processor.models import Batch, DirectUpload, Preset, SourceImage, TransformationTask
from tests.api.requests.idempotency.keyed_requests import (
    FLIP,
    HOOKS,
    Send,
    idempotency_header,
    send_import,
    send_key,
    send_preset,
    send_upload,
    send_upload_transform,
    send_webhook,
)
from webhooks.models import Delivery, Webhook


@pytest.fixture
def image(client: APIClient, upload: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    return upload(client)


@pytest.fixture
def send_transform(image: dict[str, Any]) -> Send:
    path = f"/api/v1/images/{image['id']}/transform/"

    def send(client: APIClient, key: str | None = "one", **body: Any) -> Any:
        return client.post(path, {**FLIP, **body}, **idempotency_header(key))

    return send


@pytest.fixture
def send_test_message(client: APIClient) -> Send:
    path = f"{HOOKS}{send_webhook(client, None).json()['id']}/test/"
    return lambda client, key="one": client.post(path, {}, **idempotency_header(key))


@pytest.fixture
def send_direct_upload(settings: Any) -> Send:
    """Use an S3 store that is never contacted, because this process signs its forms."""
    backend = "image_processor.storage.s3.PrivateS3Storage"
    options = {"bucket_name": "x", "access_key": "x", "secret_key": "x"}
    store = {"default": {"BACKEND": backend, "OPTIONS": options}}

    once = Lock()

    def send(client: APIClient, key: str | None = "one", **body: Any) -> Any:
        with once:
            if settings.STORAGES["default"] != store["default"]:
                settings.STORAGES = {**settings.STORAGES, **store}
        form = {"file_name": "x.png", "size_bytes": 9, "content_type": "image/png", **body}
        return client.post("/api/v1/images/direct-uploads/", form, **idempotency_header(key))

    return send


@pytest.fixture
def send_batch(image: dict[str, Any]) -> Send:
    def send(client: APIClient, key: str | None = "one", **body: Any) -> Any:
        form = {"image_ids": [image["id"]], **FLIP, **body}
        return client.post("/api/v1/batches/", form, **idempotency_header(key))

    return send


@pytest.fixture
def senders(
    send_transform: Send, send_batch: Send, send_test_message: Send, send_direct_upload: Send
) -> dict[str, tuple[Send, Any]]:
    """Route name -> (function that sends a valid request, model of the created object)."""
    return {
        "image-upload": (send_upload, SourceImage),
        "image-import": (send_import, SourceImage),
        "direct-uploads": (send_direct_upload, DirectUpload),
        "image-transform": (send_transform, TransformationTask),
        "upload-transform": (send_upload_transform, TransformationTask),
        "api-keys": (send_key, ApiKey),
        "webhooks": (send_webhook, Webhook),
        "webhook-test": (send_test_message, Delivery),
        "presets": (send_preset, Preset),
        "batches": (send_batch, Batch),
    }

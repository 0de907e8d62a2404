"""Send requests with an `Idempotency-Key`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from tests.builders import pictures

UPLOAD = "/api/v1/images/upload/"
KEYS = "/api/v1/auth/api-keys/"
FLIP = {"transformations": [{"operation": "flip"}]}
HOOKS = "/api/v1/webhooks/"
NEW_HOOK = {"url": "https://93.184.216.34/", "events": ["task.failed"]}
NEW_KEY = {"name": "backup", "scopes": ["tasks"]}
Send = Callable[..., Any]


def photo_file(data: bytes | None = None, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pictures.jpeg() if data is None else data)


def idempotency_header(key: str | None) -> dict[str, str]:
    return {} if key is None else {"HTTP_IDEMPOTENCY_KEY": key}


def send_upload(client: APIClient, key: str | None = "one", **form: Any) -> Any:
    form = {"file": photo_file(), **form}
    return client.post(UPLOAD, form, format="multipart", **idempotency_header(key))


def send_upload_transform(client: APIClient, key: str | None = "one", **form: Any) -> Any:
    form = {"file": photo_file(), "transformations": json.dumps(FLIP["transformations"]), **form}
    path = "/api/v1/images/transform/"
    return client.post(path, form, format="multipart", **idempotency_header(key))


def send_key(client: APIClient, key: str | None = "one", **body: Any) -> Any:
    return client.post(KEYS, {**NEW_KEY, **body}, **idempotency_header(key))


def send_webhook(client: APIClient, key: str | None = "one", **body: Any) -> Any:
    return client.post(HOOKS, {**NEW_HOOK, **body}, **idempotency_header(key))


def send_import(client: APIClient, key: str | None = "one", **body: Any) -> Any:
    form = {"url": "https://93.184.216.34/photo.jpg", **body}
    return client.post("/api/v1/images/import/", form, **idempotency_header(key))


def send_preset(client: APIClient, key: str | None = "one", **body: Any) -> Any:
    form = {"name": f"by {key}"[:50], **FLIP, **body}
    return client.post("/api/v1/presets/", form, **idempotency_header(key))

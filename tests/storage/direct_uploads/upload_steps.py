"""The steps of a direct upload after its announcement, and its removal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
from django.utils import timezone
from rest_framework.test import APIClient

from image_processor.library import removal
from image_processor.models import DirectUpload, UnclaimedObject
from tests.builders import pictures
from tests.servers.stores import Store

DIRECT_UPLOADS = "/api/v1/images/direct-uploads/"
DATA = pictures.jpeg()


def send_form(upload: dict[str, Any], data: bytes = DATA) -> None:
    """Send the form as a browser does. Neither test server enforces the policy of the form."""
    form = upload["upload"]
    answer = httpx.post(form["url"], data=form["fields"], files={"file": data}, timeout=30)
    assert answer.status_code in (200, 201, 204), answer.text


def complete(client: APIClient, upload: dict[str, Any]) -> Any:
    return client.post(f"{DIRECT_UPLOADS}{upload['id']}/complete/")


def key_of(upload: dict[str, Any]) -> str:
    return DirectUpload.objects.get(pk=upload["id"]).key


def remove_unclaimed(store: Store) -> set[str]:
    """Remove all unclaimed objects; return the keys that remain in the bucket."""
    UnclaimedObject.objects.update(remove_after=timezone.now() - timedelta(seconds=1))
    removal.sweep()
    return store.listed()

"""Objects of unfinished uploads are removed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework.test import APIClient

from image_processor.ingest import direct_uploads
from image_processor.models import DirectUpload, UnclaimedObject
from tests.api.problems import refused
from tests.builders.rows import delete_account
from tests.servers.stores import Store
from tests.storage.direct_uploads.upload_steps import (
    DIRECT_UPLOADS,
    complete,
    key_of,
    remove_unclaimed,
    send_form,
)


def test_uploads_that_are_never_sent_or_completed_are_removed(
    store: Store, client: APIClient, announce: Any
) -> None:
    sent, _ = announce(), announce()
    send_form(sent)
    DirectUpload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    refused(complete(client, sent), 409, "direct_upload_expired")
    assert client.get(f"{DIRECT_UPLOADS}{sent['id']}/").json()["upload"] is None
    assert remove_unclaimed(store) == set()
    assert not UnclaimedObject.objects.exists()
    DirectUpload.objects.update(expires_at=timezone.now() - direct_uploads.KEPT)
    assert direct_uploads.forget_old() == 2


def test_a_key_is_kept_until_a_late_transfer_has_arrived(
    store: Store, client: APIClient, announce: Any
) -> None:
    """A transfer that starts just before the form expires takes some time."""
    upload = announce()
    due = UnclaimedObject.objects.get(key=key_of(upload)).remove_after
    expires = DirectUpload.objects.get().expires_at
    assert due >= expires + direct_uploads.SENDING - timedelta(seconds=5)
    send_form(upload)
    complete(client, upload)
    assert UnclaimedObject.objects.get(key=key_of(upload)).remove_after == due


def test_deleting_the_account_removes_its_uploads(
    store: Store, client: APIClient, announce: Any, user: Any
) -> None:
    send_form(announce())
    delete_account(user)
    assert not DirectUpload.objects.exists()
    assert remove_unclaimed(store) == set()

"""A record of a key is completed, released after an error, and expires."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import ApiKey
from api.models import IdempotencyRecord
from api.requests import idempotency
from api.tasks import forget_expired
from image_processor.models import SourceImage
from tests.api.problems import refused
from tests.api.requests.idempotency.keyed_requests import (
    KEYS,
    Send,
    idempotency_header,
    send_key,
    send_upload,
)
from tests.api.requests.idempotency.record_expiry import pass_time


def test_an_error_leaves_the_key_free(client: APIClient, send_transform: Send) -> None:
    refused(send_transform(client, transformations=[]), 400, "invalid_pipeline")
    assert IdempotencyRecord.objects.count() == 0
    assert send_transform(client).status_code == 201


def test_an_outage_leaves_the_key_free(client: APIClient, tmp_path: Any, settings: Any) -> None:
    stored = settings.STORAGES
    (tmp_path / "file").touch()
    broken = {**stored["default"], "OPTIONS": {"location": str(tmp_path / "file")}}
    settings.STORAGES = {**stored, "default": broken}
    refused(send_upload(client), 503, "storage_unavailable")
    assert SourceImage.objects.count() == 0
    settings.STORAGES = stored
    assert send_upload(client).status_code == 201


def test_a_broken_body_is_refused_before_the_key(client: APIClient) -> None:
    answer = client.generic("POST", KEYS, b"{", "application/json", **idempotency_header("one"))
    refused(answer, 400, "malformed_body")
    assert IdempotencyRecord.objects.count() == 0


@pytest.fixture
def claim(user: Any) -> idempotency.Claim:
    return idempotency.claim(user.pk, "one", "f" * 64)


def test_releasing_a_completed_claim_keeps_its_object(claim: idempotency.Claim) -> None:
    """An error after the creation was committed must not let it happen once more."""
    claim.complete(7)
    claim.release()
    assert IdempotencyRecord.objects.get().object_id == 7


def test_a_lost_claim_can_be_neither_completed_nor_released(
    claim: idempotency.Claim, user: Any
) -> None:
    pass_time(seconds=61)
    other = idempotency.claim(user.pk, "one", "f" * 64)
    with pytest.raises(idempotency.InProgress):
        claim.complete(7)
    claim.release()
    row = IdempotencyRecord.objects.get()
    assert (row.claim, row.object_id) == (other.record.claim, None)


def test_an_unfinished_record_expires_after_a_minute(client: APIClient, user: Any) -> None:
    """A process that is killed between the claim and the creation leaves such a record."""
    send_key(client)
    done = IdempotencyRecord.objects.get()
    ApiKey.objects.all().delete()
    done.delete()
    idempotency.claim(user.pk, done.key, done.fingerprint)
    refused(send_key(client), 409, "idempotency_in_progress")
    pass_time(seconds=50)
    refused(send_key(client), 409, "idempotency_in_progress")
    pass_time(seconds=10)
    assert "Idempotent-Replayed" not in send_key(client)
    assert ApiKey.objects.count() == 1


def test_a_key_can_be_used_again_after_a_day(client: APIClient) -> None:
    first = send_key(client)
    pass_time(hours=23)
    assert send_key(client)["Idempotent-Replayed"] == "true"
    pass_time(hours=2)
    assert send_key(client, name="another request").json()["id"] != first.json()["id"]


def test_expired_records_are_deleted_after_an_hour(client: APIClient, user: Any) -> None:
    send_key(client)
    forget_expired()
    assert IdempotencyRecord.objects.count() == 1
    pass_time(hours=24, minutes=30)
    forget_expired()
    assert IdempotencyRecord.objects.count() == 1  # a slow request may still read its record
    pass_time(hours=1)
    forget_expired()
    assert IdempotencyRecord.objects.count() == 0


def test_deleting_an_account_deletes_its_records(user: Any, client: APIClient) -> None:
    send_key(client)
    user.delete()
    assert IdempotencyRecord.objects.count() == 0

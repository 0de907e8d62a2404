"""No table grows for ever: each is kept for a reason, or has a time after which a job forgets.

A new table fails `test_every_table_is_listed` until it is in one of the two lists below.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account import app_settings as allauth_settings
from axes.models import AccessAttempt
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.utils import timezone

from accounts import retention
from accounts.models import RefreshFamily
from accounts.tasks import forget_expired as forget_expired_records
from api.models import IdempotencyRecord
from api.requests import idempotency
from api.tasks import forget_expired as forget_expired_keys
from image_processor.ingest import direct_uploads
from image_processor.ingest.import_job import ImportJobType
from image_processor.library.accounting import task_counts
from image_processor.library.deletion.job import DeletionJobType
from image_processor.library.derivation_job import DerivationJobType
from image_processor.models import (
    Deletion,
    Derivation,
    DirectUpload,
    FairShare,
    ImageImport,
    QueueClock,
    SourceImage,
    StoredObject,
    TaskCount,
    UnclaimedObject,
)
from image_processor.tasks import forget_old, maintain
from outbox import events
from outbox.models import Event
from webhooks.delivery import deliveries
from webhooks.models import QUEUE, Delivery, Webhook

# Table -> why its rows stay.
KEPT = {
    "accounts.User": "user data",
    "accounts.User_groups": "user data",
    "accounts.User_user_permissions": "user data",
    "accounts.ApiKey": "user data, at most so many for each user",
    "account.EmailAddress": "user data: the user's address, and whether it is confirmed",
    "image_processor.SourceImage": "user data",
    "image_processor.StoredObject": "user data: goes with the last image that needs it",
    "image_processor.TransformationTask": "user data: the record of what was done",
    "image_processor.TransformedImage": "user data",
    "image_processor.Batch": "user data: the record of what was asked for together",
    "image_processor.Preset": "user data, a limited number for each user",
    "image_processor.Quota": "one row for each user, goes with the user",
    "image_processor.Usage": "one row for each user, goes with the user",
    "image_processor.QueueClock": "one row for each queue",
    "image_processor.TaskCountChange": "task_counts.fold moves every row (test_task_counts.py)",
    "webhooks.Webhook": "user data, at most so many for each user",
    "auth.Group": "made by operators",
    "auth.Group_permissions": "made by operators",
    "auth.Permission": "made by migrations",
    "contenttypes.ContentType": "made by migrations",
}
# Table -> what says that it stays empty.
NEVER_WRITTEN: dict[str, Callable[[], bool]] = {
    "account.EmailConfirmation": lambda: allauth_settings.EMAIL_CONFIRMATION_HMAC,
    "axes.AccessLog": lambda: settings.AXES_DISABLE_ACCESS_LOG,
    "axes.AccessFailureLog": lambda: not getattr(settings, "AXES_ENABLE_ACCESS_FAILURE_LOG", False),
    "axes.AccessAttemptExpiration": lambda: (
        not getattr(settings, "AXES_USE_ATTEMPT_EXPIRATION", False)
    ),
}


def _event(owner: Any, past: timedelta) -> Model:
    created = timezone.now() - events.RETENTION - past
    return Event.objects.create(owner=owner, kind="x", payload={}, due_at=None, created_at=created)


def _unclaimed(owner: Any, past: timedelta) -> Model:
    return UnclaimedObject.objects.create(key="results/x", remove_after=timezone.now() - past)


def _share(owner: Any, past: timedelta) -> Model:
    """Forgotten by the queue's own time, which has gone past it."""
    QueueClock.objects.update_or_create(queue="light", defaults={"virtual_time": 1000})
    finish = 1000 - past.total_seconds()
    return FairShare.objects.create(owner=owner, queue="light", finish=finish)


def _task_count(owner: Any, past: timedelta) -> Model:
    """Forgotten when no task is left, or when its day is not shown any more."""
    day = timezone.now().date() - timedelta(task_counts.DAYS + 1)
    if past > timedelta():
        day -= timedelta(1)
    return TaskCount.objects.create(owner_id=owner.pk, day=day, status="SUCCESS", tasks=1)


def _family(owner: Any, past: timedelta) -> Model:
    return RefreshFamily.objects.create(user=owner, current="x", expires_at=timezone.now() - past)


def _idempotency(owner: Any, past: timedelta) -> Model:
    return IdempotencyRecord.objects.create(
        user=owner,
        key="x",
        fingerprint="x",
        claim=uuid.uuid4(),
        expires_at=timezone.now() - idempotency.RETENTION_AFTER_EXPIRY - past,
    )


def _session(owner: Any, past: timedelta) -> Model:
    return Session.objects.create(session_key="x", expire_date=timezone.now() - past)


def _attempt(owner: Any, past: timedelta) -> Model:
    attempt = AccessAttempt.objects.create(
        username="x", ip_address="127.0.0.1", failures_since_start=1
    )
    ended = timezone.now() - settings.AXES_COOLOFF_TIME - past
    AccessAttempt.objects.update(attempt_time=ended)
    return attempt


def _admin_entry(owner: Any, past: timedelta) -> Model:
    return LogEntry.objects.create(
        user=owner,
        content_type=ContentType.objects.get_for_model(Event),
        action_flag=1,
        action_time=timezone.now() - retention.ADMIN_LOG_RETENTION - past,
    )


def _delivery(owner: Any, past: timedelta) -> Model:
    webhook = Webhook.objects.create(owner=owner, url="https://x.example/", events=[], secret="")
    created = timezone.now() - deliveries.KEPT - past
    return Delivery.objects.create(
        owner=owner, webhook=webhook, kind="x", body="{}", queue=QUEUE.name, created_at=created
    )


def _import(owner: Any, past: timedelta) -> Model:
    ended = timezone.now() - ImportJobType.kept - past
    image = SourceImage.objects.create(owner=owner, status="failed")
    job = ImageImport.objects.create(owner=owner, image=image, queue="import", url="https://x/")
    ImageImport.objects.update(status="FAILED", finished_at=ended, available_at=None)
    return job


def _direct_upload(owner: Any, past: timedelta) -> Model:
    return DirectUpload.objects.create(
        owner=owner,
        key="incoming/x",
        size_bytes=1,
        expires_at=timezone.now() - direct_uploads.KEPT - past,
    )


def _derivation(owner: Any, past: timedelta) -> Model:
    stored = StoredObject.objects.create(owner=owner, fingerprint="f", key="k", size_bytes=1)
    ended = timezone.now() - DerivationJobType.kept - past
    return Derivation.objects.create(
        owner=owner,
        stored_object=stored,
        queue="derive",
        status="SUCCESS",
        available_at=None,
        finished_at=ended,
    )


def _deletion(owner: Any, past: timedelta) -> Model:
    ended = timezone.now() - DeletionJobType.kept - past
    return Deletion.objects.create(
        owner=owner,
        image_id=0,
        queue="deletions",
        status="SUCCESS",
        available_at=None,
        finished_at=ended,
    )


# Table -> makes a row whose time ended so long ago (below 0: has not ended).
FORGOTTEN: dict[str, Callable[[Any, timedelta], Model]] = {
    "outbox.Event": _event,
    "image_processor.ImageImport": _import,
    "image_processor.DirectUpload": _direct_upload,
    "image_processor.UnclaimedObject": _unclaimed,
    "image_processor.FairShare": _share,
    "image_processor.TaskCount": _task_count,
    "image_processor.Derivation": _derivation,
    "image_processor.Deletion": _deletion,
    "accounts.RefreshFamily": _family,
    "api.IdempotencyRecord": _idempotency,
    "sessions.Session": _session,
    "axes.AccessAttempt": _attempt,
    "admin.LogEntry": _admin_entry,
    "webhooks.Delivery": _delivery,
}
JOBS = (
    maintain,
    forget_old,
    forget_expired_records,
    forget_expired_keys,
)


def tables() -> set[str]:
    return {model._meta.label for model in apps.get_models(include_auto_created=True)}


def test_every_table_is_listed() -> None:
    listed = [*KEPT, *NEVER_WRITTEN, *FORGOTTEN]
    assert sorted(tables()) == sorted(listed), "say here what keeps the new table from growing"


@pytest.mark.parametrize("table", NEVER_WRITTEN)
def test_what_stays_empty(table: str) -> None:
    assert NEVER_WRITTEN[table]()


@pytest.mark.parametrize("table", FORGOTTEN)
def test_what_is_old_is_forgotten(table: str, user: Any) -> None:
    row = FORGOTTEN[table](user, timedelta(minutes=1))
    for job in JOBS:
        job()
    assert not type(row)._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("table", FORGOTTEN)
def test_what_is_younger_stays(table: str, user: Any) -> None:
    row = FORGOTTEN[table](user, -timedelta(minutes=1))
    for job in JOBS:
        job()
    assert type(row)._default_manager.filter(pk=row.pk).exists()


def test_the_jobs_are_scheduled() -> None:
    from image_processing_service.celery import app

    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert scheduled >= {job.name for job in JOBS}


def test_a_part_that_fails_does_not_keep_the_others_from_forgetting(
    user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("no")

    row = _admin_entry(user, timedelta(minutes=1))
    monkeypatch.setattr(retention.sessions, "forget_expired", broken)
    forget_expired_records()
    assert not LogEntry.objects.filter(pk=row.pk).exists()

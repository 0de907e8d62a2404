"""Deleting an account deletes all its rows and files."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Group, Permission
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from image_processor.library import derivation_requests, removal
from image_processor.library.accounting import task_counts
from image_processor.models import Deletion, DirectUpload, Quota, StoredObject, UnclaimedObject
from outbox.models import Event
from tests.api.conftest import media_files
from tests.builders import pictures
from tests.builders.rows import run_deletions

PASSWORD = "a-long-pass-phrase-7"
FLIP = [{"operation": "flip"}]
# Tables whose rows are not about a person.
IMPERSONAL = {
    "QueueClock",
    "UnclaimedObject",
    "ContentType",
    "Group",
    "Permission",
    "Session",
    "EmailConfirmation",  # deleted with its email address
    "Group_permissions",
}
# Tables of axes: failed sign-ins are counted by name, not by account, and deleted after a while.
UNUSED = {"AccessAttempt", "AccessAttemptExpiration", "AccessFailureLog", "AccessLog"}


def personal(model: type[Model]) -> list[str]:
    """The columns that say whom a row of the model belongs to."""
    return [
        field.attname
        for field in model._meta.concrete_fields
        if (field.is_relation and field.related_model is User) or field.name == "owner_id"
    ]


def kinds() -> list[type[Model]]:
    """The models of all tables, including those of many-to-many relations."""
    return apps.get_models(include_auto_created=True)


def reached(model: type[Model], person: int) -> int:
    """Count the rows of a model that belong to a person, directly or through another row."""
    if model is User:
        return User.objects.filter(pk=person).count()
    paths = personal(model) or [
        f"{field.name}__{column}"
        for field in model._meta.concrete_fields
        if field.is_relation and isinstance(field.related_model, type)
        for column in personal(field.related_model)
    ]
    return sum(model._default_manager.filter(**{path: person}).count() for path in paths)


@pytest.fixture
def with_everything(
    member: Callable[[str], APIClient], work_off: Callable[[], None]
) -> Callable[[str], APIClient]:
    """Make an account that has a row in every table."""

    def make(name: str) -> APIClient:
        client = member(name)
        me = User.objects.get(email=f"{name}@example.com")
        file = SimpleUploadedFile("photo.jpg", pictures.jpeg())
        form = {"file": file, "transformations": json.dumps(FLIP)}
        post = client.post
        task = post(
            "/api/v1/images/transform/", form, format="multipart", HTTP_IDEMPOTENCY_KEY="one"
        ).json()
        image = task["original_image"]
        hook = {"url": "https://93.184.216.34/", "events": ["task.succeeded", "batch.finished"]}
        hooked = post("/api/v1/webhooks/", hook).json()["id"]
        for path, body in (
            ("presets/", {"name": "mine", "transformations": FLIP}),
            ("batches/", {"image_ids": [image], "transformations": [{"operation": "mirror"}]}),
            (f"webhooks/{hooked}/test/", {}),
            ("auth/api-keys/", {"name": "backup", "scopes": ["*"]}),
        ):
            assert post(f"/api/v1/{path}", body).status_code == 201, path
        work_off()
        task_counts.fold()
        # A task that has not ended.
        steps = {"transformations": [{"operation": "invert"}]}
        assert post(f"/api/v1/images/{image}/transform/", steps).status_code == 201
        far = {"url": "https://93.184.216.34/photo.jpg"}
        assert post("/api/v1/images/import/", far).status_code == 202
        derivation_requests.write_missing_jobs()
        Deletion.objects.create(
            owner=me, image_id=-me.pk, queue="deletions", status="SUCCESS", available_at=None
        )
        DirectUpload.objects.create(
            owner=me, key=f"incoming/{name}", size_bytes=1, expires_at=timezone.now()
        )
        Quota.objects.create(owner=me, storage_mb=1)
        me.groups.add(Group.objects.get_or_create(name="testers")[0])
        me.user_permissions.add(Permission.objects.first())
        LogEntry.objects.create(
            user=me, action_flag=ADDITION, object_repr="x", content_type_id=None
        )
        return client

    return make


def test_deleting_an_account_deletes_its_rows_in_every_table_and_no_others(
    with_everything: Callable[[str], APIClient], make_user: Any
) -> None:
    """A new model fails here until the account of this test has a row of it."""
    _, leaving_client = with_everything("staying"), with_everything("leaving")
    leaving = User.objects.get(email="leaving@example.com").pk
    staying = User.objects.get(email="staying@example.com").pk
    about = [kind for kind in kinds() if kind.__name__ not in IMPERSONAL | UNUSED]
    missing = [kind.__name__ for kind in about if not reached(kind, leaving)]
    assert missing == []
    before = {kind.__name__: reached(kind, staying) for kind in about}
    theirs = list(StoredObject.objects.filter(owner=leaving).values_list("key", flat=True))
    others = list(StoredObject.objects.filter(owner=staying).values_list("key", flat=True))
    assert len(theirs) >= 3
    assert len(others) >= 3

    answer = leaving_client.delete("/api/v1/auth/user/", {"password": PASSWORD})
    assert answer.status_code == 204, answer.content
    run_deletions()
    removal.sweep()

    left = [kind.__name__ for kind in about if reached(kind, leaving)]
    assert left == []
    assert before == {kind.__name__: reached(kind, staying) for kind in about}
    assert not any(default_storage.exists(key) for key in theirs)
    assert all(default_storage.exists(key) for key in others)
    assert not UnclaimedObject.objects.exists()
    assert not any(key in path for key in theirs for path in media_files())


def test_no_row_contains_a_text_of_the_deleted_account(
    with_everything: Callable[[str], APIClient],
) -> None:
    """The test reads all columns, including the JSON of events."""
    client = with_everything("leaving")
    key = client.post("/api/v1/auth/api-keys/", {"name": "x", "scopes": ["*"]}).json()["key"]
    assert EmailAddress.objects.filter(email="leaving@example.com").exists()
    assert Event.objects.exists()
    assert client.delete("/api/v1/auth/user/", {"password": PASSWORD}).status_code == 204
    run_deletions()
    removal.sweep()
    rows = [
        repr(row)
        for kind in kinds()
        for row in kind._default_manager.values_list()
        if kind.__name__ != "Migration"
    ]
    for text in ("leaving", "photo.jpg", "93.184.216.34", key[:12]):
        assert not [row for row in rows if text in row], text
    answer = APIClient().get("/api/v1/images/", HTTP_AUTHORIZATION=f"Api-Key {key}")
    assert answer.status_code == 401

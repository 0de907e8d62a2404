"""Deleting an account: rows go at once, objects soon after, other accounts stay."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import combinations
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.access import api_keys
from accounts.locks import AccountGone, lock_owner, share_owner
from api.models import IdempotencyRecord
from image_processor import tasks
from image_processor.jobs import runner
from image_processor.library import derivation_requests, images, picture_links, removal
from image_processor.library.deletion import account, account_rows, job
from image_processor.models import (
    Deletion,
    SourceImage,
    StoredObject,
    TransformationTask,
    UnclaimedObject,
)
from tests.builders import pictures, rows
from tests.builders.locking import locked_elsewhere
from tests.scripts.processes import DEADLINE
from tests.threads import await_end
from utils.versions import NotFound


def keys() -> list[str]:
    return list(StoredObject.objects.values_list("key", flat=True))


@pytest.mark.parametrize("way", ["service", "admin"])
def test_deleting_an_account_removes_its_rows_and_objects_only(
    make_user: Callable[..., Any], way: str
) -> None:
    leaving = make_user()
    rows.task(rows.image(leaving))
    tasks.work("light")
    leaving_keys = keys()
    staying = make_user()
    rows.task(rows.image(staying))

    if way == "service":
        rows.delete_account(leaving)
    else:
        operator = Client()
        operator.force_login(
            make_user(is_staff=True, is_superuser=True),
            "accounts.access.backends.UsernameOrEmailBackend",
        )
        answer = operator.post(f"/admin/accounts/user/{leaving.pk}/delete/", {"post": "yes"})
        assert answer.status_code == 302
        rows.run_deletions()
    removal.sweep()

    assert len(leaving_keys) == 2
    assert not any(default_storage.exists(key) for key in leaving_keys)
    assert not get_user_model().objects.filter(pk=leaving.pk).exists()
    assert SourceImage.objects.get().owner == staying
    assert TransformationTask.objects.get().owner == staying
    assert default_storage.exists(keys()[0])
    assert not UnclaimedObject.objects.exists()


def test_an_account_can_be_deleted_while_its_tasks_run(
    transactional_db: None, make_user: Callable[..., Any]
) -> None:
    leaving = make_user()
    rows.tasks(rows.image(leaving), 12)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(4):
                tasks.work("light")
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    rows.delete_account(leaving)
    for thread in threads:
        await_end(thread)
    assert failures == []
    assert not StoredObject.objects.exists()
    UnclaimedObject.objects.update(remove_after=Now())
    removal.sweep()
    assert not UnclaimedObject.objects.exists()


def test_an_account_can_be_deleted_while_its_images_are(
    transactional_db: None, make_user: Callable[..., Any]
) -> None:
    """Both lock the images, their tasks and the usage row."""
    for _ in range(5):
        leaving = make_user()
        sources = [rows.image(leaving, pictures.jpeg(seed=seed)) for seed in range(6)]
        for source in sources:
            rows.tasks(source, 3)
        failures: list[BaseException] = []
        start = threading.Barrier(2, timeout=DEADLINE)

        def delete(sources: Any = sources, start: Any = start, failures: Any = failures) -> None:
            try:
                start.wait()
                for source in reversed(sources):
                    with suppress(NotFound, AccountGone):
                        images.delete(source)
            except BaseException as error:
                failures.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=delete)
        thread.start()
        start.wait()
        rows.delete_account(leaving)
        await_end(thread)
        assert failures == []
        assert not StoredObject.objects.exists()


def test_the_end_of_an_account_waits_for_nobody_who_shares_it(
    transactional_db: None, user: Any
) -> None:
    """A stream of requests, each of which shares the account, cannot hold the end up."""
    with shared_elsewhere(user), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")
        account.forget_user(user)
        with pytest.raises(AccountGone), transaction.atomic():
            share_owner(user.pk)
        with pytest.raises(AccountGone), transaction.atomic():
            lock_owner(user.pk)
    connection.close()
    rows.run_deletions()
    assert not get_user_model().objects.exists()


@contextmanager
def shared_elsewhere(user: Any) -> Iterator[None]:
    """Another connection shares the account, as a request that writes rows does."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM accounts_user WHERE id = %s FOR KEY SHARE", [user.pk])
            yield
            cursor.execute("COMMIT")
    finally:
        other.close()


def test_collecting_derivations_does_not_wait_for_a_locked_account(
    transactional_db: None, user: Any
) -> None:
    """It would hold a stored object meanwhile, for which the deletion of the account waits."""
    rows.image(user)
    with locked_elsewhere(user), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")
        assert derivation_requests.write_missing_jobs() == 0
    connection.close()
    assert derivation_requests.write_missing_jobs() == 1


def test_the_end_costs_the_same_however_much_the_account_has(user: Any) -> None:
    for seed in range(5):
        rows.tasks(rows.image(user, pictures.jpeg(seed=seed)), 2)
    with CaptureQueriesContext(connection) as queries:
        account.forget_user(user)
    assert len(queries) <= 12
    assert SourceImage.objects.count() == 5


def test_from_its_end_nobody_uses_an_account(user: Any) -> None:
    image = rows.image(user)
    link = picture_links.link(image)
    client = APIClient()
    sign_in = {"email": user.email, "password": "a-long-pass-phrase-7"}
    token = client.post("/api/v1/auth/login/", sign_in).json()["access"]
    _, key = api_keys.create(user.pk, name="key", scopes=["images:read"])
    anyone = APIClient()
    assert b"".join(anyone.get(link).streaming_content) == pictures.jpeg()

    account.forget_user(user)
    account.forget_user(user)  # asked twice
    assert anyone.get(link).status_code == 404
    for credentials in (f"Bearer {token}", f"Api-Key {key}"):
        answer = anyone.get("/api/v1/images/", HTTP_AUTHORIZATION=credentials)
        assert answer.status_code == 401
    assert anyone.post("/api/v1/auth/login/", sign_in).status_code == 400
    assert Deletion.objects.count() == 1
    assert get_user_model().objects.filter(email=user.email).count() == 0

    rows.run_deletions()
    user.pk = None
    user.save()  # name and address are free
    assert not SourceImage.objects.exists()


def test_rows_written_after_the_end_are_removed(user: Any) -> None:
    """By a transaction that had shared the account before."""
    account.forget_user(user)
    steps = account_rows.remove(user.pk)
    image = SourceImage(owner=user, file_name="late.jpg", status="importing")
    image.save()
    assert list(steps) == [1]
    assert not SourceImage.objects.exists()
    assert not get_user_model().objects.exists()


def test_accounts_take_turns_and_survive_their_workers(
    make_user: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "STEPS", 1)
    monkeypatch.setattr(account_rows, "CHUNK", 1)
    leaving = [make_user(), make_user()]
    for each in leaving:
        for seed in range(2):
            rows.image(each, pictures.jpeg(seed=seed))
        account.forget_user(each)
    for _ in range(2):
        runner.run_next("deletions")
    assert Deletion.objects.exclude(started_at=None).count() == 2
    rows.run_deletions()
    assert not get_user_model().objects.exists()
    assert removal.sweep() == 4


def test_models_are_emptied_before_those_that_they_refer_to() -> None:
    models = [model for model, _ in account_rows.owned_models()]
    for earlier, later in combinations(models, 2):
        targets = {field.related_model for field in later._meta.concrete_fields}
        assert earlier not in targets, (earlier, later)
    assert {SourceImage, StoredObject, TransformationTask, IdempotencyRecord} <= set(models)

"""Deleting an account: rows go at once, objects soon after, other accounts stay."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models.functions import Now
from django.test import Client

from image_processor import tasks
from image_processor.library import account_deletion, images, stored_objects
from image_processor.models import SourceImage, StoredObject, TransformationTask, UnclaimedObject
from tests.builders import pictures, rows
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
        account_deletion.forget_user(leaving)
    else:
        operator = Client()
        operator.force_login(
            make_user(is_staff=True, is_superuser=True), "accounts.backends.UsernameOrEmailBackend"
        )
        answer = operator.post(f"/admin/accounts/user/{leaving.pk}/delete/", {"post": "yes"})
        assert answer.status_code == 302
    stored_objects.sweep()

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
    account_deletion.forget_user(leaving)
    for thread in threads:
        await_end(thread)
    assert failures == []
    assert not StoredObject.objects.exists()
    UnclaimedObject.objects.update(remove_after=Now())
    stored_objects.sweep()
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
                    with suppress(NotFound):
                        images.delete(source)
            except BaseException as error:
                failures.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=delete)
        thread.start()
        start.wait()
        account_deletion.forget_user(leaving)
        await_end(thread)
        assert failures == []
        assert not StoredObject.objects.exists()

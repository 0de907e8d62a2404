"""Lists of the admin read the newest rows, or those of one owner, and never a whole table."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import admin_lists
from accounts.admin_lists import NewestRowsAdmin
from accounts.models import User
from image_processor.models import TransformationTask, Usage
from tests.builders import many

TASKS = "/admin/image_processor/transformationtask/"
OURS = [
    model._meta
    for model, model_admin in admin.site._registry.items()
    if model.__module__.startswith(("accounts.", "image_processor.", "webhooks."))
]


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    user = User.objects.create(username="root", is_staff=True, is_superuser=True)
    client.force_login(user, backend="accounts.access.backends.UsernameOrEmailBackend")
    return client


@pytest.fixture
def tasks(db: None, monkeypatch: pytest.MonkeyPatch) -> list[TransformationTask]:
    """Three tasks of Ann and then three of Bob, of which a list shows the newest two."""
    monkeypatch.setattr(admin_lists, "NEWEST", 2)
    users = [User.objects.create(username=name, email=f"{name}@x.example") for name in ("ann", "b")]
    images = [many.image(user) for user in users]
    return [many.task(image, "FAILED") for image in images for _ in range(3)]


def listed(client: Client, query: str) -> list[int]:
    """The ids of the rows on the page, in order."""
    page = client.get(f"{TASKS}?{query}")
    assert page.status_code == 200
    return [row.pk for row in page.context["cl"].result_list]


@pytest.mark.parametrize("query", ["", "status__exact=FAILED", "queue=light", "o=-3.1"])
def test_a_list_has_the_newest_rows(
    operator: Client, tasks: list[TransformationTask], query: str
) -> None:
    newest = [tasks[5].pk, tasks[4].pk]
    assert sorted(listed(operator, query), reverse=True) == newest


def test_a_filter_looks_through_the_newest_rows(
    operator: Client, tasks: list[TransformationTask]
) -> None:
    TransformationTask.objects.filter(pk__in=[tasks[0].pk, tasks[5].pk]).update(status="SUCCESS")
    assert listed(operator, "status__exact=SUCCESS") == [tasks[5].pk]
    assert listed(operator, "queue=heavy") == []


def test_rows_with_equal_values_do_not_exceed_the_limit(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin_lists, "NEWEST", 2)
    users = [User.objects.create(username=f"u{n}", email=f"u{n}@x.example") for n in range(4)]
    Usage.objects.bulk_create(
        Usage(owner=user, bytes_stored=7, month=date(2026, 11, 1)) for user in users
    )
    page = operator.get("/admin/image_processor/usage/")
    assert [row.pk for row in page.context["cl"].result_list] == [users[3].pk, users[2].pk]
    assert page.context["cl"].result_count == 2


def test_a_search_finds_a_user_name_of_digits(
    operator: Client, tasks: list[TransformationTask]
) -> None:
    name = str(tasks[0].pk)
    User.objects.filter(username="b").update(username=name)
    assert listed(operator, f"q={name}") == [tasks[5].pk, tasks[4].pk]
    User.objects.filter(username=name).update(username="20261130")
    assert listed(operator, "q=20261130") == [tasks[5].pk, tasks[4].pk]


@pytest.mark.parametrize("login", ["ann", "ANN", "Ann@x.example"])
def test_a_search_finds_the_newest_rows_of_an_owner(
    operator: Client, tasks: list[TransformationTask], login: str
) -> None:
    assert listed(operator, f"q={login}") == [tasks[2].pk, tasks[1].pk]
    assert listed(operator, f"q={login}&status__exact=SUCCESS") == []


def test_a_search_finds_a_row_of_any_age_by_its_id(
    operator: Client, tasks: list[TransformationTask]
) -> None:
    assert listed(operator, f"q={tasks[0].pk}") == [tasks[0].pk]
    assert listed(operator, f"q={2**70}") == []
    assert listed(operator, "q=nobody") == []


@pytest.mark.parametrize("options", OURS, ids=str)
@pytest.mark.parametrize("query", ["", "q=root"])
def test_no_list_counts_or_reads_a_whole_table(
    operator: Client, monkeypatch: pytest.MonkeyPatch, options: Any, query: str
) -> None:
    monkeypatch.setattr(admin_lists, "NEWEST", 1)
    many.result(many.image(User.objects.get()))
    with CaptureQueriesContext(connection) as asked:
        page = operator.get(f"/admin/{options.app_label}/{options.model_name}/?{query}")
    assert page.status_code == 200
    assert isinstance(admin.site._registry[options.model], NewestRowsAdmin)
    has_rows = options.model.objects.exists()
    for sql in (each["sql"] for each in asked if f'FROM "{options.db_table}"' in each["sql"]):
        assert "DISTINCT" not in sql
        if "COUNT(" in sql:
            assert " WHERE " in sql or not has_rows, sql

"""`GET tasks/?ids=`: the page polls the state of several tasks."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models.functions import Now
from rest_framework.test import APIClient

from accounts.access import api_keys, sessions
from accounts.access.tokens import mint
from image_processor.models import TransformationTask, TransformedImage
from tests.api.problems import refused
from tests.builders import many, rows

PATH = "/api/v1/tasks/"


def asked(*ids: int) -> str:
    return f"{PATH}?ids={','.join(map(str, ids))}"


@pytest.fixture
def three(user: Any) -> list[int]:
    image = many.image(user)
    return [many.task(image, "PENDING").pk for _ in range(3)]


def test_an_unchanged_poll_is_304_and_one_query(
    client: APIClient, three: list[int], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        first = client.get(asked(*three))
    assert [row["id"] for row in first.json()["results"]] == three[::-1]
    with django_assert_num_queries(1):
        again = client.get(asked(*three), HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert "ETag" not in client.get(PATH)


@pytest.mark.parametrize("way", ["session", "api key"])
def test_an_unchanged_poll_with_a_token_costs_two_queries(
    user: Any, three: list[int], django_assert_num_queries: Any, way: str
) -> None:
    """The fixture `client` needs no query for its user; a request with a token does."""
    if way == "session":
        credentials = f"Bearer {mint(sessions.start(user)).access}"
    else:
        _, key = api_keys.create(user.pk, name="x", scopes=["tasks"])
        credentials = f"Api-Key {key}"
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=credentials)
    known = client.get(asked(*three))["ETag"]
    with django_assert_num_queries(2):
        answer = client.get(asked(*three), HTTP_IF_NONE_MATCH=known)
    assert answer.status_code == 304


def test_a_change_of_any_task_changes_the_etag(client: APIClient, three: list[int]) -> None:
    known = client.get(asked(*three))["ETag"]

    def seen() -> bool:
        nonlocal known
        answer = client.get(asked(*three), HTTP_IF_NONE_MATCH=known)
        known = answer["ETag"]
        return answer.status_code == 200

    client.post(f"{PATH}{three[1]}/cancel/")
    TransformationTask.objects.filter(pk=three[1]).update(updated_at=Now())
    assert seen()
    assert not seen()
    client.delete(f"{PATH}{three[0]}/")
    assert seen()
    many.task(many.image(TransformationTask.objects.get(pk=three[2]).owner))
    assert not seen()


def test_a_finished_task_comes_with_its_result(client: APIClient, user: Any, work_off: Any) -> None:
    task = rows.task(rows.image(user))
    before = client.get(asked(task.pk))["ETag"]
    work_off()
    answer = client.get(asked(task.pk), HTTP_IF_NONE_MATCH=before)
    assert answer.status_code == 200
    [shown] = answer.json()["results"]
    assert shown == client.get(f"{PATH}{task.pk}/").json()
    assert shown["result_image"] == TransformedImage.objects.get().pk
    client.delete(f"/api/v1/images/transformed/{shown['result_image']}/")
    again = client.get(asked(task.pk), HTTP_IF_NONE_MATCH=answer["ETag"])
    assert again.json()["results"][0]["result_image"] is None


def test_tasks_of_other_users_and_unknown_ids_are_left_out(
    client: APIClient, three: list[int], make_user: Any
) -> None:
    foreign = many.task(many.image(make_user())).pk
    answer = client.get(asked(three[0], foreign, 987_654_321, 0, 10**40, three[0]))
    assert [row["id"] for row in answer.json()["results"]] == three[:1]
    assert client.get(asked(foreign)).json()["results"] == []


def test_a_hundred_tasks_are_on_one_page(client: APIClient, user: Any) -> None:
    image = many.image(user)
    pks = [many.task(image).pk for _ in range(100)]
    page = client.get(asked(*pks)).json()
    assert [row["id"] for row in page["results"]] == pks[::-1]
    assert page["next"] is None
    small = client.get(asked(*pks) + "&page_size=60").json()
    assert len(client.get(small["next"]).json()["results"]) == 40


@pytest.mark.parametrize(
    ("ids", "said"),
    {
        "": "''",
        "1,": "''",
        "1,x": "'x'",
        "1 2": "'1 2'",
        "-1": "'-1'",
        "1.5": "'1.5'",
        "٣": "'٣'",
        "1,,2": "''",
        ",".join("1" * 101): "100",
    }.items(),
)
def test_invalid_ids_are_refused(client: APIClient, ids: str, said: str) -> None:
    body = refused(client.get(PATH, {"ids": ids}), 400, "invalid_input", "/ids")
    assert said in body["detail"]

"""What holds for every route: paths, request ids, conditional requests, pages."""

from __future__ import annotations

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from rest_framework.test import APIClient

from image_processor import tasks
from image_processor.models import SourceImage, StoredObject, TransformationTask, TransformedImage
from tests.api.locks import until_waiting
from tests.api.problems import refused
from tests.builders import pictures

PIPELINE = {"transformations": [{"operation": "flip"}]}


@pytest.fixture
def image(client: APIClient, upload: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    return upload(client)


@pytest.fixture
def task(client: APIClient, image: dict[str, Any]) -> dict[str, Any]:
    """A finished one."""
    answer = client.post(f"/api/v1/images/{image['id']}/transform/", PIPELINE)
    assert answer.status_code == 201, answer.content
    tasks.work("light")
    return client.get(answer["Location"]).json()


# --- Paths


@pytest.mark.parametrize("prefix", ["/api/v1", "/api"])
@pytest.mark.parametrize("slash", ["/", ""])
def test_both_spellings_answer_every_method(
    client: APIClient, image: dict[str, Any], prefix: str, slash: str
) -> None:
    path = f"{prefix}/images/{image['id']}{slash}"
    assert client.get(path).json()["id"] == image["id"]
    assert client.head(path).status_code == 200
    assert client.options(path).status_code == 200
    assert client.patch(path, {"description": "changed"}).json()["description"] == "changed"
    asked = client.post(f"{prefix}/images/{image['id']}/transform{slash}", PIPELINE)
    assert asked.status_code == 201
    assert asked["Location"].startswith("/api/v1/tasks/")
    assert client.delete(path).status_code == 204


# --- Request ids


@pytest.mark.parametrize("given", ["a", "0af7651916cd43dd8448eb211c80319c", "A-b_c.9", "x" * 128])
def test_a_well_formed_request_id_is_taken(client: APIClient, given: str) -> None:
    assert client.get("/api/v1/images/", HTTP_X_REQUEST_ID=given)["X-Request-ID"] == given
    assert client.get("/healthz", HTTP_X_REQUEST_ID=given)["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "a\nb", "a\n", '{"a":1}', "é", "a;b"])
def test_another_request_id_is_replaced(client: APIClient, given: str) -> None:
    answer = client.get("/api/v1/nothing/", HTTP_X_REQUEST_ID=given)
    assert answer["X-Request-ID"] != given
    assert len(answer["X-Request-ID"]) == 32
    assert refused(answer, 404, "not_found")["request_id"] == answer["X-Request-ID"]


def test_two_requests_have_two_ids(client: APIClient) -> None:
    first, second = (client.get("/api/v1/images/")["X-Request-ID"] for _ in range(2))
    assert first != second


def test_log_lines_carry_the_id_of_the_answer(client: APIClient, caplog: Any) -> None:
    with caplog.at_level("INFO"):
        client.get("/api/v1/images/", HTTP_X_REQUEST_ID="id-of-this-request")
    lines = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    assert lines
    assert {line["request_id"] for line in lines} == {"id-of-this-request"}


# --- Conditional requests


@pytest.fixture
def details(image: dict[str, Any], task: dict[str, Any]) -> list[str]:
    return [
        f"/api/v1/images/{image['id']}/",
        f"/api/v1/tasks/{task['id']}/",
        f"/api/v1/images/transformed/{task['result_image']}/",
    ]


def test_a_detail_that_the_caller_has_is_304(client: APIClient, details: list[str]) -> None:
    for path in details:
        etag = client.get(path)["ETag"]
        assert etag.startswith('"')
        for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
            answer = client.get(path, HTTP_IF_NONE_MATCH=known)
            assert answer.status_code == 304, (path, known)
            assert answer.content == b""
            assert answer["ETag"] == etag
        for other in ('"other"', etag.strip('"'), ""):
            assert client.get(path, HTTP_IF_NONE_MATCH=other).status_code == 200, (path, other)


def test_bytes_that_the_caller_has_are_304(
    client: APIClient, image: dict[str, Any], task: dict[str, Any]
) -> None:
    for path in (
        f"/api/v1/images/{image['id']}/original/",
        f"/api/v1/images/transformed/{task['result_image']}/download/",
    ):
        answer = client.get(path)
        data = b"".join(answer.streaming_content)
        assert client.get(path, HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
        again = client.get(path, HTTP_IF_NONE_MATCH='"other"')
        assert again.status_code == 200
        assert b"".join(again.streaming_content) == data


def test_a_change_makes_another_etag(client: APIClient, image: dict[str, Any]) -> None:
    path = f"/api/v1/images/{image['id']}/"
    before = client.get(path)["ETag"]
    changed = client.patch(path, {"description": "changed"})
    assert changed["ETag"] != before
    assert client.get(path, HTTP_IF_NONE_MATCH=before).status_code == 200
    assert client.get(path)["ETag"] == changed["ETag"]


def test_a_task_whose_result_was_deleted_has_another_etag(
    client: APIClient, task: dict[str, Any]
) -> None:
    path = f"/api/v1/tasks/{task['id']}/"
    before = client.get(path)["ETag"]
    assert client.delete(f"/api/v1/images/transformed/{task['result_image']}/").status_code == 204
    after = client.get(path, HTTP_IF_NONE_MATCH=before)
    assert after.status_code == 200
    assert after.json()["result_image"] is None


def test_a_stale_change_is_412(client: APIClient, image: dict[str, Any]) -> None:
    path = f"/api/v1/images/{image['id']}/"
    stale = client.get(path)["ETag"]
    fresh = client.patch(path, {"description": "mine"}, HTTP_IF_MATCH=stale)
    assert fresh.status_code == 200
    body = {"description": "theirs"}
    for condition in (
        {"HTTP_IF_MATCH": stale},
        {"HTTP_IF_MATCH": "W/" + fresh["ETag"]},
        {"HTTP_IF_MATCH": "not an etag"},
        {"HTTP_IF_NONE_MATCH": "*"},
        {"HTTP_IF_NONE_MATCH": fresh["ETag"]},
    ):
        refused(client.patch(path, body, **condition), 412, "precondition_failed")
        refused(client.delete(path, **condition), 412, "precondition_failed")
    assert client.get(path).json()["description"] == "mine"
    for condition in ({"HTTP_IF_MATCH": fresh["ETag"]}, {"HTTP_IF_MATCH": "*"}):
        assert client.patch(path, {}, **condition).status_code == 200
        fresh = client.get(path)


def test_a_stale_delete_is_412_for_every_kind(client: APIClient, details: list[str]) -> None:
    for path in reversed(details):
        refused(client.delete(path, HTTP_IF_MATCH='"0-0"'), 412, "precondition_failed")
        etag = client.get(path)["ETag"]
        assert client.delete(path, HTTP_IF_MATCH=etag).status_code == 204


def test_the_expiry_of_links_makes_no_change_stale(
    client: APIClient, image: dict[str, Any], settings: Any
) -> None:
    path = f"/api/v1/images/{image['id']}/"
    etag = client.get(path)["ETag"]
    settings.LINK_LIFETIME_SECONDS = 86_400  # another window, as after a while
    assert client.get(path, HTTP_IF_NONE_MATCH=etag).status_code == 200
    assert client.patch(path, {"description": "x"}, HTTP_IF_MATCH=etag).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_many_changes_to_one_version_one_is_made(
    client: APIClient, image: dict[str, Any], user: Any, client_of: Any
) -> None:
    """All are on their way when the row, held here, is let go."""
    path = f"/api/v1/images/{image['id']}/"
    etag = client.get(path)["ETag"]

    def change(number: int) -> int:
        try:
            body = {"description": f"{number}"}
            return client_of(user).patch(path, body, HTTP_IF_MATCH=etag).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        with transaction.atomic():
            SourceImage.objects.select_for_update().get(pk=image["id"])
            answers = [pool.submit(change, number) for number in range(6)]
            until_waiting(6)
        assert sorted(answer.result() for answer in answers) == [200] + [412] * 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["task", "result"])
def test_a_change_under_way_makes_a_delete_stale(
    client: APIClient, details: list[str], kind: str, user: Any, client_of: Any
) -> None:
    """The delete has found its object unchanged, when somebody changes that first."""
    path = details[{"task": 1, "result": 2}[kind]]
    model = {"task": TransformationTask, "result": TransformedImage}[kind]
    etag = client.get(path)["ETag"]

    def delete() -> Any:
        try:
            return client_of(user).delete(path, HTTP_IF_MATCH=etag)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert model.objects.update(updated_at=Now()) == 1
            answer = pool.submit(delete)
            until_waiting(1)
        refused(answer.result(), 412, "precondition_failed")
    assert client.delete(path, HTTP_IF_MATCH=client.get(path)["ETag"]).status_code == 204


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["image", "task", "result"])
def test_of_many_deletes_one_is_made(
    client: APIClient, details: list[str], kind: str, user: Any, client_of: Any
) -> None:
    """All have found the object when the image, held here, is let go."""
    path = details[["image", "task", "result"].index(kind)]
    etag = client.get(path)["ETag"]

    def delete(number: int) -> int:
        try:
            condition = {"HTTP_IF_MATCH": etag} if number % 2 else {}
            return client_of(user).delete(path, **condition).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        with transaction.atomic():
            SourceImage.objects.select_for_update().get()
            answers = [pool.submit(delete, number) for number in range(6)]
            until_waiting(6)
        assert sorted(answer.result() for answer in answers) == [204] + [404] * 5


@pytest.mark.django_db(transaction=True)
def test_deleting_a_task_and_its_result_at_once(
    client: APIClient, details: list[str], user: Any, client_of: Any
) -> None:
    """Neither waits for what the other holds: both have a first lock when the rest is let go."""

    def delete(path: str) -> int:
        try:
            return client_of(user).delete(path).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            StoredObject.objects.select_for_update().get(results__isnull=False)
            answers = [pool.submit(delete, details[2])]
            until_waiting(1)  # for the object, which it asks for last but one
            answers.append(pool.submit(delete, details[1]))
            until_waiting(2)
        assert [answer.result() for answer in answers] == [204, 204]
    assert not TransformationTask.objects.exists()
    assert not TransformedImage.objects.exists()


# --- Pages


@pytest.fixture
def seven(client: APIClient, upload: Callable[..., dict[str, Any]]) -> list[int]:
    """Ids of seven images, newest first."""
    data = pictures.jpeg()
    return [upload(client, data)["id"] for _ in range(7)][::-1]


def ids(page: dict[str, Any]) -> list[int]:
    return [row["id"] for row in page["results"]]


def test_pages_are_stable_while_rows_are_added(
    client: APIClient, seven: list[int], upload: Callable[..., dict[str, Any]]
) -> None:
    first = client.get("/api/v1/images/?page_size=3").json()
    assert first.keys() == {"next", "previous", "results"}
    assert ids(first) == seven[:3]
    assert first["previous"] is None
    upload(client)
    second = client.get(first["next"]).json()
    assert ids(second) == seven[3:6]
    SourceImage.objects.filter(pk=seven[2]).delete()
    third = client.get(second["next"]).json()
    assert ids(third) == seven[6:]
    assert third["next"] is None
    assert ids(client.get(third["previous"]).json()) == seven[3:6]


def test_links_of_a_page_lead_to_the_host_that_was_asked(
    client: APIClient, seven: list[int]
) -> None:
    answer = client.get("/api/images?page_size=2&include=gps", HTTP_HOST="localhost:8123").json()
    link = urlsplit(answer["next"])
    assert (link.scheme, link.netloc, link.path) == ("http", "localhost:8123", "/api/images/")
    assert "include=gps" in link.query
    assert "page_size=2" in link.query


@pytest.mark.parametrize("size", ["1", "7", "100", "007"])
def test_a_page_size_that_is_allowed(client: APIClient, seven: list[int], size: str) -> None:
    page = client.get(f"/api/v1/images/?page_size={size}").json()
    assert ids(page) == seven[: int(size)]


@pytest.mark.parametrize(
    "size", ["0", "101", "-1", "1.5", "", "ten", "٣", "1e2", "9" * 30, "00000000199999"]
)
@pytest.mark.parametrize("kind", ["images/", "tasks/", "images/transformed/"])
def test_a_page_size_that_is_refused(client: APIClient, kind: str, size: str) -> None:
    answer = client.get(f"/api/v1/{kind}", {"page_size": size})
    body = refused(answer, 400, "invalid_input", "/page_size")
    assert "100" in body["detail"]


def _cursor(text: bytes) -> str:
    return base64.b64encode(text).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "é",
        _cursor(b"p=abc"),
        _cursor(b"p=1.5"),
        _cursor(b"p=\0"),
        _cursor(b"p=1&o=x"),
        _cursor(b"p=\xff"),
        _cursor(b"p=%D9%A3"),
        "x" * 10_000,
    ],
)
def test_a_cursor_that_is_none_of_ours(client: APIClient, cursor: str) -> None:
    for kind in ("images/", "tasks/", "images/transformed/"):
        refused(client.get(f"/api/v1/{kind}", {"cursor": cursor}), 400, "invalid_input", "/cursor")


def test_a_cursor_beyond_every_id(client: APIClient, seven: list[int]) -> None:
    cursor = _cursor(b"p=" + b"9" * 40)
    assert ids(client.get("/api/v1/images/", {"cursor": cursor}).json()) == seven


def test_the_address_itself_leads_to_the_documentation() -> None:
    answer = APIClient().get("/", follow=True)
    assert answer.redirect_chain == [("/api/v1/docs/", 302)]
    assert answer.status_code == 200

"""ETags, and requests with `If-None-Match` or `If-Match`."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from tests.api.problems import refused


def test_an_unchanged_detail_is_304(client: APIClient, details: list[str]) -> None:
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


def test_an_unchanged_file_is_304(
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


def test_a_change_changes_the_etag(client: APIClient, image: dict[str, Any]) -> None:
    path = f"/api/v1/images/{image['id']}/"
    before = client.get(path)["ETag"]
    changed = client.patch(path, {"description": "changed"})
    assert changed["ETag"] != before
    assert client.get(path, HTTP_IF_NONE_MATCH=before).status_code == 200
    assert client.get(path)["ETag"] == changed["ETag"]


def test_deleting_the_result_changes_the_etag_of_its_task(
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


def test_a_stale_delete_is_412_for_every_resource(client: APIClient, details: list[str]) -> None:
    for path in reversed(details):
        refused(client.delete(path, HTTP_IF_MATCH='"0-0"'), 412, "precondition_failed")
        etag = client.get(path)["ETag"]
        assert client.delete(path, HTTP_IF_MATCH=etag).status_code == 204


def test_a_change_after_links_have_expired_is_not_stale(
    client: APIClient, image: dict[str, Any], settings: Any
) -> None:
    path = f"/api/v1/images/{image['id']}/"
    etag = client.get(path)["ETag"]
    settings.LINK_LIFETIME_SECONDS = 86_400  # links are made anew, as in a later time window
    assert client.get(path, HTTP_IF_NONE_MATCH=etag).status_code == 200
    assert client.patch(path, {"description": "x"}, HTTP_IF_MATCH=etag).status_code == 200

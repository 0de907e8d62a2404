"""Routes that meet an image whose import has not finished, or has failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from image_processor.models import ImageImport, SourceImage
from tests.api.problems import refused
from tests.api.views.images.imports.conftest import shown
from tests.builders.rows import delete_account
from tests.servers.raw_http import Server
from tests.servers.receiver import status

pytestmark = pytest.mark.usefixtures("reachable")

FLIP = {"transformations": [{"operation": "flip"}]}


@pytest.fixture(params=["importing", "failed"])
def image(
    request: Any,
    client: APIClient,
    serve: Callable[..., Server],
    ask: Callable[..., dict[str, Any]],
    import_due: Callable[[], int],
) -> dict[str, Any]:
    made = ask(client, serve(status(404)).url("/sea.jpg"), description="waves")
    if request.param == "failed":
        import_due()
    now = shown(client, made)
    assert now["status"] == request.param
    return now


@pytest.fixture
def path(image: dict[str, Any]) -> str:
    return f"/api/v1/images/{image['id']}/"


def test_an_image_without_a_file_cannot_be_read_or_transformed(
    client: APIClient, path: str, image: dict[str, Any]
) -> None:
    for answer in (
        client.get(f"{path}original/"),
        client.post(f"{path}transform/", FLIP),
    ):
        body = refused(answer, 409, "image_not_ready")
        assert image["status"] in body["detail"]
    if image["status"] == "failed":
        assert "answered 404" in body["detail"]


def test_a_batch_refuses_its_id_and_a_filter_skips_it(
    client: APIClient, image: dict[str, Any], upload: Any
) -> None:
    ready = upload(client)["id"]
    body = {"image_ids": [ready, image["id"]], **FLIP}
    refused(client.post("/api/v1/batches/", body), 409, "image_not_ready", "/image_ids/1")
    made = client.post("/api/v1/batches/", {"filter": {}, **FLIP})
    assert made.json()["total"] == 1
    only = client.post("/api/v1/batches/", {"filter": {"search": "sea"}, **FLIP})
    refused(only, 422, "no_images")


def test_an_image_without_a_file_is_refused_as_a_watermark(
    client: APIClient, image: dict[str, Any], upload: Any
) -> None:
    ready = upload(client)["id"]
    step = {"operation": "watermark", "params": {"image_id": image["id"]}}
    answer = client.post(f"/api/v1/images/{ready}/transform/", {"transformations": [step]})
    refused(answer, 404, "unknown_image", "/transformations/0/params/image_id")


@pytest.mark.parametrize(
    "query", ["", "?search=waves", "?ordering=name", "?created_after=2020-01-01"]
)
def test_lists_show_an_image_without_a_file(
    client: APIClient, image: dict[str, Any], query: str
) -> None:
    assert client.get(f"/api/v1/images/{query}").json()["results"] == [image]


@pytest.mark.parametrize("query", ["?format=jpeg", "?min_width=1", "?max_height=9999"])
def test_filters_on_image_properties_leave_out_an_image_without_a_file(
    client: APIClient, image: dict[str, Any], query: str
) -> None:
    assert client.get(f"/api/v1/images/{query}").json()["results"] == []


def test_an_image_without_a_file_can_be_changed_and_deleted(
    client: APIClient, path: str, image: dict[str, Any]
) -> None:
    etag = client.get(path)["ETag"]
    change = {"file_name": "x.jpg", "tags": ["sea"], "focal_point": {"x": 0.5, "y": 0.5}}
    changed = client.patch(path, change, HTTP_IF_MATCH=etag).json()
    assert {name: changed[name] for name in change} == change
    assert changed["status"] == image["status"]
    assert client.get(f"{path}tasks/").json()["results"] == []
    progress = client.get(f"/api/v1/images/status/{image['id']}/").json()
    assert progress["status"] == image["status"]
    assert progress["error_code"] == image["error_code"]
    assert client.get("/api/v1/stats/").json()["images"] == 1
    refused(client.delete(path, HTTP_IF_MATCH=etag), 412, "precondition_failed")
    assert client.delete(path).status_code == 204
    refused(client.get(path), 404, "not_found")


def test_an_account_with_an_unfinished_import_can_be_deleted(
    client: APIClient, image: dict[str, Any], user: Any, import_due: Callable[[], int]
) -> None:
    delete_account(user)
    assert not SourceImage.objects.exists()
    assert not ImageImport.objects.exists()
    assert import_due() == 0

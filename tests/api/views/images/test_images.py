"""Source images: list, show, change, delete and download."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from image_processor.library import removal
from image_processor.models import (
    SourceImage,
    StoredObject,
    TransformationTask,
    TransformedImage,
    UnclaimedObject,
)
from tests.api.conftest import media_files
from tests.api.problems import refused
from tests.builders import pictures

PIPELINE = {"transformations": [{"operation": "flip"}]}


@pytest.fixture
def image(client: APIClient, upload: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    return upload(client)


@pytest.fixture
def path(image: dict[str, Any]) -> str:
    return f"/api/v1/images/{image['id']}/"


def test_a_list_shows_what_a_detail_shows(
    client: APIClient, image: dict[str, Any], path: str
) -> None:
    detail = client.get(path).json()
    assert client.get("/api/v1/images/").json()["results"] == [detail]
    assert image == detail | {"duplicate_of": None}


@pytest.mark.parametrize("rows", [3, 60])
def test_a_list_costs_the_same_for_any_number_of_rows(
    member: Callable[..., APIClient],
    upload: Callable[..., dict[str, Any]],
    django_assert_max_num_queries: Any,
    rows: int,
) -> None:
    client = member()
    first = SourceImage.objects.get(pk=upload(client)["id"])
    for number in range(rows - 1):
        stored = StoredObject.objects.create(
            owner=first.owner, fingerprint=f"f{number}", key=f"k{number}", size_bytes=1
        )
        SourceImage.objects.create(
            owner=first.owner, stored_object=stored, file_name="x", metadata=first.metadata
        )
    with django_assert_max_num_queries(4):
        page = client.get("/api/v1/images/?page_size=100").json()
    assert len(page["results"]) == rows


def test_every_writable_field_can_be_changed(client: APIClient, path: str) -> None:
    before = client.get(path).json()
    change = {
        "file_name": "сад 🌅.jpg",
        "description": "Line one\nline two",
        "tags": ["garden", "spring"],
        "focal_point": {"x": 0.25, "y": 1},
    }
    answer = client.patch(path, change)
    assert answer.status_code == 200
    after = answer.json()
    assert {name: after[name] for name in change} == change
    assert after["updated_at"] > before["updated_at"]
    assert client.get(path).json() == after
    assert client.patch(path, {"focal_point": None}).json()["focal_point"] is None
    assert client.patch(path, {"tags": [], "description": ""}).json()["tags"] == []


def test_an_empty_change_changes_nothing(client: APIClient, path: str) -> None:
    before = client.get(path)
    after = client.patch(path, {})
    assert after.status_code == 200
    assert after.json() == before.json()
    assert after["ETag"] == before["ETag"]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "unknown": ({"colour": "red"}, "/colour"),
    "read-only": ({"status": "failed"}, "/status"),
    "owner": ({"owner": 1}, "/owner"),
    "name: empty": ({"file_name": ""}, "/file_name"),
    "name: blank": ({"file_name": "  "}, "/file_name"),
    "name: null": ({"file_name": None}, "/file_name"),
    "name: long": ({"file_name": "x" * 256}, "/file_name"),
    "name: path": ({"file_name": "../x.jpg"}, "/file_name"),
    "name: line break": ({"file_name": "a\r\nb"}, "/file_name"),
    "name: override": ({"file_name": "a\u202eb"}, "/file_name"),
    "name: list": ({"file_name": ["a"]}, "/file_name"),
    "name: number": ({"file_name": 1}, "/file_name"),
    "focal point: boolean": ({"focal_point": {"x": 0.5, "y": True}}, "/focal_point/y"),
    "focal point: text": ({"focal_point": {"x": "0.5", "y": 0.5}}, "/focal_point/x"),
    "description: long": ({"description": "x" * 10_001}, "/description"),
    "description: object": ({"description": {}}, "/description"),
    "tags: text": ({"tags": "garden"}, "/tags"),
    "tags: 51": ({"tags": ["x"] * 51}, "/tags"),
    "tags: long": ({"tags": ["ok", "x" * 65]}, "/tags/1"),
    "tags: blank": ({"tags": [""]}, "/tags/0"),
    "tags: nested": ({"tags": [["a"]]}, "/tags/0"),
    "tags: null": ({"tags": [None]}, "/tags/0"),
    "focal point: left": ({"focal_point": {"x": -0.1, "y": 0}}, "/focal_point/x"),
    "focal point: below": ({"focal_point": {"x": 0, "y": 1.1}}, "/focal_point/y"),
    "focal point: half": ({"focal_point": {"x": 0}}, "/focal_point/y"),
    "focal point: 3D": (
        {"focal_point": {"x": 0, "y": 0, "z": 0}},
        "/focal_point/z",
    ),
    "focal point: list": ({"focal_point": [0, 0]}, "/focal_point"),
    "focal point: words": (
        {"focal_point": {"x": "left", "y": 0}},
        "/focal_point/x",
    ),
    "focal point: NaN": ({"focal_point": {"x": "nan", "y": 0}}, "/focal_point/x"),
    "focal point: 400 digits": (
        {"focal_point": {"x": 10**400, "y": 0}},
        "/focal_point/x",
    ),
}


@pytest.mark.parametrize(("change", "pointer"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_change_changes_nothing(
    client: APIClient, path: str, change: dict[str, Any], pointer: str
) -> None:
    before = client.get(path).json()
    answer = client.patch(path, {"description": "x"} | change)
    # The service checks a file name that is text; the body checks all other values.
    named = isinstance(change.get("file_name"), str) and change["file_name"]
    refused(answer, 400, "invalid_file_name" if named else "invalid_input", pointer)
    assert client.get(path).json() == before


def test_fifty_tags_of_64_characters_are_accepted(client: APIClient, path: str) -> None:
    tags = [f"{number:064d}" for number in range(50)]
    assert client.patch(path, {"tags": tags}).json()["tags"] == tags


def test_the_original_has_the_uploaded_bytes(
    client: APIClient, upload: Callable[..., dict[str, Any]]
) -> None:
    data = pictures.encoded(pictures.noise(30, 20), "PNG")
    image = upload(client, data, file_name="naïve “name”.png")
    answer = client.get(f"/api/v1/images/{image['id']}/original/")
    assert b"".join(answer.streaming_content) == data
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Length"] == str(len(data))
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''na%C3%AFve")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "private" in answer["Cache-Control"]


def test_the_tasks_of_an_image_are_listed_newest_first(
    client: APIClient, image: dict[str, Any], path: str, upload: Callable[..., dict[str, Any]]
) -> None:
    asked = [client.post(f"{path}transform/", PIPELINE).json()["id"] for _ in range(3)]
    other = upload(client, pictures.jpeg(seed=2))
    client.post(f"/api/v1/images/{other['id']}/transform/", PIPELINE)
    listed = client.get(f"{path}tasks/?page_size=2").json()
    assert [task["id"] for task in listed["results"]] == asked[:0:-1]
    rest = client.get(listed["next"]).json()
    assert [task["id"] for task in rest["results"]] == asked[:1]


def test_deleting_an_image_deletes_its_tasks_and_files(
    client: APIClient, path: str, work_off: Callable[[], None]
) -> None:
    before = media_files()
    client.post(f"{path}transform/", PIPELINE)
    work_off()
    client.post(f"{path}transform/", {"transformations": [{"operation": "mirror"}]})
    assert TransformedImage.objects.exists()

    assert client.delete(path).status_code == 204

    for kind in (SourceImage, TransformationTask, TransformedImage, StoredObject):
        assert not kind.objects.exists(), kind
    refused(client.get(path), 404, "not_found")
    refused(client.delete(path), 404, "not_found")
    assert removal.sweep() == 2
    assert not UnclaimedObject.objects.exists()
    sources = [file for file in before if "/sources/" in file]
    assert len(media_files()) == len(before) - 1
    assert len([file for file in media_files() if "/sources/" in file]) == len(sources) - 1


def test_a_shared_file_is_deleted_with_its_last_image(
    client: APIClient, path: str, upload: Callable[..., dict[str, Any]]
) -> None:
    twin = upload(client)
    assert twin["duplicate_of"] is not None
    assert client.delete(path).status_code == 204
    assert removal.sweep() == 0
    original = client.get(f"/api/v1/images/{twin['id']}/original/")
    assert b"".join(original.streaming_content) == pictures.jpeg()
    assert client.delete(f"/api/v1/images/{twin['id']}/").status_code == 204
    assert removal.sweep() == 1
    assert not StoredObject.objects.exists()

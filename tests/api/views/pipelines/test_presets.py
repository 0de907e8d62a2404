"""Presets: create, use, change, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from image_processor.models import Preset, TransformationTask
from image_processor.transform import presets
from tests.api.problems import refused

PRESETS = "/api/v1/presets/"
FLIP = [{"operation": "flip"}]
SMALL = [{"operation": "resize", "params": {"width": 20, "height": 15}}]
NEW = {"name": "shop", "transformations": SMALL, "format": "jpg", "quality": 70}


@pytest.fixture
def preset(client: APIClient) -> dict[str, Any]:
    answer = client.post(PRESETS, NEW)
    assert answer.status_code == 201, answer.content
    return answer.json()


@pytest.fixture
def image(client: APIClient, upload: Callable[..., dict[str, Any]]) -> int:
    return int(upload(client)["id"])


def transform(client: APIClient, image: int, **body: Any) -> Any:
    return client.post(f"/api/v1/images/{image}/transform/", body)


def test_a_preset_is_shown_as_it_was_created(client: APIClient, preset: dict[str, Any]) -> None:
    path = f"{PRESETS}{preset['id']}/"
    assert client.get(path).json() == preset
    assert preset == {
        "id": preset["id"],
        "name": "shop",
        "description": "",
        "transformations": SMALL,
        "format": "JPEG",
        "quality": 70,
        "lossless": None,
        "metadata": None,
        "background": None,
        "created_at": preset["created_at"],
        "updated_at": preset["updated_at"],
    }
    assert client.get(PRESETS).json()["results"] == [preset]


def test_the_answer_has_location_and_etag(client: APIClient) -> None:
    answer = client.post(PRESETS, NEW)
    assert answer["Location"] == f"{PRESETS}{answer.json()['id']}/"
    shown = client.get(answer["Location"])
    assert shown["ETag"] == answer["ETag"]
    assert client.get(answer["Location"], HTTP_IF_NONE_MATCH=shown["ETag"]).status_code == 304


P0 = "/transformations/0"
# body -> status, code, pointer
REFUSED: dict[str, tuple[Any, int, str, str]] = {
    "a list": ([], 400, "invalid_pipeline", ""),
    "nothing": ({}, 400, "invalid_input", "/name"),
    "no steps": ({"name": "x"}, 400, "invalid_pipeline", "/transformations"),
    "unknown step": (
        {"name": "x", "transformations": [{"operation": "no"}]},
        400,
        "invalid_pipeline",
        f"{P0}/operation",
    ),
    "wrong value": (
        {"name": "x", "transformations": [{"operation": "resize", "params": {"width": 0}}]},
        400,
        "invalid_pipeline",
        f"{P0}/params/width",
    ),
    "quality": ({**NEW, "quality": 101}, 400, "invalid_pipeline", "/quality"),
    "format": ({**NEW, "format": "docx"}, 400, "invalid_pipeline", "/format"),
    "unknown member": ({**NEW, "mode": "async"}, 400, "invalid_pipeline", "/mode"),
    "a preset of a preset": ({**NEW, "preset": 1}, 400, "invalid_pipeline", "/preset"),
    "empty name": ({**NEW, "name": ""}, 400, "invalid_preset_name", "/name"),
    "a name with a slash": ({**NEW, "name": "a/b"}, 400, "invalid_preset_name", "/name"),
    "a name with a line": ({**NEW, "name": "a\nb"}, 400, "invalid_preset_name", "/name"),
    "a name turned round": ({**NEW, "name": "a\u202eb"}, 400, "invalid_preset_name", "/name"),
    "a name of joiners": ({**NEW, "name": "\u200d"}, 400, "invalid_preset_name", "/name"),
    "a name with spaces": ({**NEW, "name": " a"}, 400, "invalid_preset_name", "/name"),
    "a long name": ({**NEW, "name": "x" * 101}, 400, "invalid_preset_name", "/name"),
    "a name that is none": ({**NEW, "name": {}}, 400, "invalid_input", "/name"),
    "a long text": ({**NEW, "description": "x" * 10_001}, 400, "invalid_input", "/description"),
    "unknown image": (
        {
            "name": "x",
            "transformations": [{"operation": "watermark", "params": {"image_id": 987_654}}],
        },
        404,
        "unknown_image",
        f"{P0}/params/image_id",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_invalid_presets_are_refused(client: APIClient, name: str) -> None:
    body, status, code, pointer = REFUSED[name]
    refused(client.post(PRESETS, body), status, code, pointer)
    assert not Preset.objects.exists()


@pytest.mark.parametrize("name", ["می\u200cخواهم", "क्\u200dष", "👩\u200d👧"])
def test_a_name_may_have_joiners(client: APIClient, name: str) -> None:
    answer = client.post(PRESETS, {**NEW, "name": name})
    assert (answer.status_code, answer.json()["name"]) == (201, name)


def test_a_name_is_unique_for_each_user(
    client: APIClient, preset: dict[str, Any], client_of: Any, make_user: Any
) -> None:
    body = refused(client.post(PRESETS, NEW), 409, "preset_name_taken", "/name")
    assert body["errors"][0]["actual"] == "shop"
    assert client.post(PRESETS, {**NEW, "name": "Shop window 2"}).status_code == 201
    assert client_of(make_user()).post(PRESETS, NEW).status_code == 201


def test_the_number_of_presets_is_limited(client: APIClient, user: Any) -> None:
    rows = [Preset(owner=user, name=f"p{n}", transformations=FLIP) for n in range(99)]
    Preset.objects.bulk_create(rows)
    assert client.post(PRESETS, NEW).status_code == 201
    body = refused(client.post(PRESETS, {**NEW, "name": "more"}), 409, "too_many_presets")
    assert (body["limit"], body["actual"]) == (presets.MAX_PER_USER, 100)


@pytest.mark.django_db(transaction=True)
def test_simultaneous_presets_do_not_exceed_the_limit(
    user: Any, client_of: Any, at_once: Any
) -> None:
    rows = [Preset(owner=user, name=f"p{n}", transformations=FLIP) for n in range(98)]
    Preset.objects.bulk_create(rows)
    answers = at_once(
        6, lambda number: client_of(user).post(PRESETS, {**NEW, "name": f"new {number}"})
    )
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409, 409]


def test_put_replaces_and_patch_changes(client: APIClient, preset: dict[str, Any]) -> None:
    path = f"{PRESETS}{preset['id']}/"
    changed = client.patch(path, {"quality": 55, "description": "For the shop"}).json()
    assert changed["updated_at"] > preset["updated_at"]
    same = ("id", "name", "transformations", "format", "created_at")
    assert {name: changed[name] for name in same} == {name: preset[name] for name in same}
    assert (changed["quality"], changed["description"]) == (55, "For the shop")
    assert client.patch(path, {"quality": None}).json()["quality"] is None
    replaced = client.put(path, {"name": "web", "transformations": FLIP}).json()
    assert replaced["transformations"] == [{"operation": "flip", "params": {}}]
    assert (replaced["name"], replaced["format"], replaced["description"]) == ("web", None, "")


def test_a_change_is_validated_like_a_new_preset(client: APIClient, preset: dict[str, Any]) -> None:
    path = f"{PRESETS}{preset['id']}/"
    client.post(PRESETS, {**NEW, "name": "other"})
    refused(client.patch(path, {"name": "other"}), 409, "preset_name_taken", "/name")
    refused(client.patch(path, {"quality": 0}), 400, "invalid_pipeline", "/quality")
    refused(client.put(path, {"name": "x"}), 400, "invalid_pipeline", "/transformations")
    refused(client.patch(path, {"id": 7}), 400, "invalid_pipeline", "/id")
    assert client.get(path).json() == preset
    assert (
        client.patch(path, {"name": "shop"}).status_code == 200
    )  # the preset's own name is not a duplicate


def test_a_stale_change_is_refused(client: APIClient, preset: dict[str, Any]) -> None:
    path = f"{PRESETS}{preset['id']}/"
    stale = client.get(path)["ETag"]
    assert client.patch(path, {"quality": 1}, HTTP_IF_MATCH=stale).status_code == 200
    for send in (client.patch, client.put, client.delete):
        refused(send(path, NEW, HTTP_IF_MATCH=stale), 412, "precondition_failed")
    current = client.get(path)["ETag"]
    assert client.delete(path, HTTP_IF_MATCH=current).status_code == 204
    refused(client.get(path), 404, "not_found")


@pytest.mark.parametrize("by", ["id", "name"])
def test_a_preset_replaces_the_steps(
    client: APIClient, preset: dict[str, Any], image: int, by: str, work_off: Callable[[], None]
) -> None:
    task = transform(client, image, preset=preset[by]).json()
    assert (task["transformations"], task["format"], task["quality"]) == (SMALL, "JPEG", 70)
    work_off()
    done = client.get(f"/api/v1/tasks/{task['id']}/").json()
    assert done["status"] == "SUCCESS"
    result = client.get(f"/api/v1/images/transformed/{done['result_image']}/").json()
    assert (result["metadata"]["width"], result["metadata"]["height"]) == (20, 15)


def test_options_of_the_request_override_the_preset(
    client: APIClient, preset: dict[str, Any], image: int
) -> None:
    task = transform(client, image, preset="shop", format="webp").json()
    assert (task["format"], task["quality"]) == ("WEBP", 70)


def test_a_task_keeps_its_pipeline_after_its_preset_changes(
    client: APIClient, preset: dict[str, Any], image: int
) -> None:
    task = transform(client, image, preset=preset["id"]).json()
    before = TransformationTask.objects.values("pipeline", "fingerprint").get(pk=task["id"])
    client.patch(f"{PRESETS}{preset['id']}/", {"transformations": FLIP})
    client.delete(f"{PRESETS}{preset['id']}/")
    assert client.get(f"/api/v1/tasks/{task['id']}/").json()["transformations"] == SMALL
    assert TransformationTask.objects.values("pipeline", "fingerprint").get() == before


def test_invalid_uses_of_a_preset_are_refused(
    client: APIClient, preset: dict[str, Any], image: int, client_of: Any, make_user: Any
) -> None:
    both = transform(client, image, preset="shop", transformations=FLIP)
    refused(both, 400, "invalid_pipeline", "/preset")
    for wrong in (None, True, 1.5, [], {}):
        refused(transform(client, image, preset=wrong), 400, "invalid_pipeline", "/preset")
    for unknown in (987_654, 2**80, -1, "no", "", str(preset["id"])):
        refused(transform(client, image, preset=unknown), 404, "unknown_preset", "/preset")
    refused(transform(client, image, preset="shop", quality=0), 400, "invalid_pipeline", "/quality")
    assert not TransformationTask.objects.exists()


def test_a_preset_of_another_user_is_reported_as_unknown(
    preset: dict[str, Any], client_of: Any, make_user: Any, upload: Any
) -> None:
    stranger = client_of(make_user())
    theirs = int(upload(stranger)["id"])
    answer = refused(
        transform(stranger, theirs, preset=preset["id"]), 404, "unknown_preset", "/preset"
    )
    none = refused(transform(stranger, theirs, preset=987_654), 404, "unknown_preset", "/preset")
    assert answer["detail"].replace(str(preset["id"]), "") == none["detail"].replace("987654", "")


def test_the_error_of_a_preset_that_does_not_fit_the_image_points_at_the_preset(
    client: APIClient, image: int
) -> None:
    crop = {"operation": "crop", "params": {"x": 0, "y": 0, "width": 5000, "height": 10}}
    client.post(PRESETS, {"name": "large", "transformations": [crop]})
    body = refused(transform(client, image, preset="large"), 422, "crop_outside_image", "/preset")
    assert body["limit"]


def test_the_watermark_of_a_preset_is_looked_up_at_use(
    client: APIClient, image: int, upload: Any
) -> None:
    logo = upload(client)["id"]
    steps = [{"operation": "watermark", "params": {"image_id": logo}}]
    assert client.post(PRESETS, {"name": "logo", "transformations": steps}).status_code == 201
    assert transform(client, image, preset="logo").status_code == 201
    client.delete(f"/api/v1/images/{logo}/")
    refused(transform(client, image, preset="logo"), 404, "unknown_image", "/preset")

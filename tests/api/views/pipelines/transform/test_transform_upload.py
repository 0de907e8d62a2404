"""`images/transform/`: one request uploads an image and transforms it, or does neither."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.access import api_keys
from api.requests.bodies.upload import STYLES
from image_processor.models import SourceImage, TransformationTask
from tests.api.problems import refused
from tests.builders import pictures

PATH = "/api/v1/images/transform/"
SMALL = json.dumps([{"operation": "resize", "params": {"width": 20}}])


@pytest.fixture
def ask(client: APIClient) -> Callable[..., Any]:
    """Send a file with these form fields."""

    def post(by: APIClient | None = None, data: bytes | None = None, **form: Any) -> Any:
        file = SimpleUploadedFile("photo.jpg", pictures.jpeg() if data is None else data)
        key = form.pop("key", None)
        header = {} if key is None else {"HTTP_IDEMPOTENCY_KEY": key}
        return (by or client).post(PATH, {"file": file, **form}, format="multipart", **header)

    return post


def test_the_request_creates_image_and_task(
    client: APIClient, ask: Callable[..., Any], work_off: Callable[[], None]
) -> None:
    answer = ask(
        transformations=SMALL,
        format="webp",
        quality="70",
        file_name="sea.jpg",
        description="A sea.",
    )
    assert answer.status_code == 201, answer.content
    task = answer.json()
    assert (task["status"], task["format"], task["quality"]) == ("PENDING", "WEBP", 70)
    assert client.get(answer["Location"]).json() == task
    image = client.get(f"/api/v1/images/{task['original_image']}/").json()
    assert (image["file_name"], image["description"]) == ("sea.jpg", "A sea.")
    work_off()
    done = client.get(answer["Location"]).json()
    result = client.get(f"/api/v1/images/transformed/{done['result_image']}/").json()
    assert (result["file_name"], result["metadata"]["width"]) == ("sea-20x15.webp", 20)


def test_the_task_equals_that_of_two_requests(
    client: APIClient, ask: Callable[..., Any], upload: Any, work_off: Any
) -> None:
    image = upload(client)
    body = {"transformations": json.loads(SMALL), "format": "png"}
    client.post(f"/api/v1/images/{image['id']}/transform/", body)
    work_off()
    answer = ask(transformations=SMALL, format="png")
    assert answer.json()["status"] == "SUCCESS"  # the result with this fingerprint is stored
    assert answer.json()["original_image"] != image["id"]
    first, second = TransformationTask.objects.order_by("pk")
    assert first.fingerprint == second.fingerprint


@pytest.mark.parametrize("style", STYLES)
def test_each_style_is_one_step(
    client: APIClient, ask: Callable[..., Any], work_off: Any, style: str
) -> None:
    answer = ask(style=style.lower() if style == "CARTOON" else style, format="png")
    assert answer.json()["transformations"] == [{"operation": style.lower(), "params": {}}]
    work_off()
    assert client.get(answer["Location"]).json()["status"] == "SUCCESS"


def test_the_styles_are_those_of_the_sister_system() -> None:
    assert set(STYLES) == {
        "CARTOON",
        "SKETCH",
        "COLOR_PENCIL",
        "OIL_PAINTING",
        "WATERCOLOR",
        "POP_ART",
    }


def test_a_style_accepts_parameters(ask: Callable[..., Any]) -> None:
    shown = ask(style="CARTOON", params='{"strength": 0.5}').json()
    assert shown["transformations"] == [{"operation": "cartoon", "params": {"strength": 0.5}}]


def test_texts_of_the_form_become_values(client: APIClient, ask: Callable[..., Any]) -> None:
    preset = {"name": "12", "transformations": json.loads(SMALL), "format": "webp"}
    pk = client.post("/api/v1/presets/", preset).json()["id"]
    assert ask(preset=str(pk)).json()["format"] == "WEBP"
    assert ask(preset='"12"').json()["format"] == "WEBP"
    refused(ask(preset="other"), 404, "unknown_preset", "/preset")
    assert ask(transformations=SMALL, quality="auto").json()["quality"] is None
    shown = ask(transformations=SMALL, format="webp", lossless="true", background="#fff")
    assert shown.status_code == 201


STEPS = "/transformations"
BAD: dict[str, tuple[dict[str, Any], int, str, str]] = {
    "no pipeline": ({}, 400, "invalid_pipeline", STEPS),
    "no JSON": ({"transformations": "resize"}, 400, "invalid_pipeline", STEPS),
    "NaN": ({"transformations": "[NaN]"}, 400, "invalid_pipeline", STEPS),
    "deep": ({"transformations": "[" * 200_000}, 400, "invalid_pipeline", STEPS),
    "no list": ({"transformations": "7"}, 400, "invalid_pipeline", STEPS),
    "empty": ({"transformations": ""}, 400, "invalid_pipeline", STEPS),
    "surrogate": ({"transformations": '["\\ud800"]'}, 400, "invalid_pipeline", STEPS),
    "a step": (
        {"transformations": '[{"operation": "resize", "params": {"width": 99999}}]'},
        400,
        "invalid_pipeline",
        "/transformations/0/params/width",
    ),
    "a crop outside": (
        {
            "transformations": '[{"operation": "crop", "params": '
            '{"x": 900, "y": 0, "width": 10, "height": 10}}]'
        },
        422,
        "crop_outside_image",
        "/transformations/0/params/x",
    ),
    "two pipelines": ({"transformations": "[]", "preset": "1"}, 400, "invalid_pipeline", "/preset"),
    "style and steps": (
        {"style": "SKETCH", "transformations": SMALL},
        400,
        "invalid_pipeline",
        "/style",
    ),
    "style and preset": ({"style": "SKETCH", "preset": "1"}, 400, "invalid_pipeline", "/style"),
    "params alone": (
        {"params": "{}", "transformations": SMALL},
        400,
        "invalid_pipeline",
        "/params",
    ),
    "no such style": ({"style": "resize"}, 400, "invalid_pipeline", "/style"),
    "params of no object": (
        {"style": "SKETCH", "params": "[]"},
        400,
        "invalid_pipeline",
        "/params",
    ),
    "params of no JSON": ({"style": "SKETCH", "params": "{"}, 400, "invalid_pipeline", "/params"),
    "a parameter": (
        {"style": "CARTOON", "params": '{"strength": 9}'},
        400,
        "invalid_pipeline",
        "/params/strength",
    ),
    "no such parameter": (
        {"style": "CARTOON", "params": '{"power": 1}'},
        400,
        "invalid_pipeline",
        "/params/power",
    ),
    "format": ({"transformations": SMALL, "format": "doc"}, 400, "invalid_pipeline", "/format"),
    "quality": ({"transformations": SMALL, "quality": "0"}, 400, "invalid_pipeline", "/quality"),
    "lossless": (
        {"transformations": SMALL, "lossless": "yes"},
        400,
        "invalid_pipeline",
        "/lossless",
    ),
    "mode": ({"transformations": SMALL, "mode": "later"}, 400, "invalid_pipeline", "/mode"),
    "NUL": ({"transformations": SMALL, "preset": "\0"}, 400, "invalid_input", "/preset"),
    "a field": ({"transformations": SMALL, "colour": "red"}, 400, "invalid_input", "/colour"),
    "twice": ({"transformations": [SMALL, SMALL]}, 400, "invalid_input", STEPS),
    "file name": (
        {"transformations": SMALL, "file_name": "a/b"},
        400,
        "invalid_file_name",
        "/file_name",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_refused_requests_leave_nothing(
    ask: Callable[..., Any], nothing_left: Any, name: str
) -> None:
    form, status, code, pointer = BAD[name]
    with nothing_left():
        refused(ask(**form), status, code, pointer)


def test_an_invalid_file_leaves_nothing(
    client: APIClient, ask: Callable[..., Any], nothing_left: Any
) -> None:
    with nothing_left():
        refused(ask(data=b"no picture", transformations=SMALL), 400, "invalid_image")
        form = {"transformations": SMALL}
        refused(client.post(PATH, form, format="multipart"), 400, "invalid_input", "/file")
        refused(client.post(PATH, form, format="json"), 415, "unsupported_media_type")


@pytest.mark.parametrize("quota", ["TASKS_PER_MONTH", "CONCURRENT_TASKS"])
def test_a_used_up_task_quota_leaves_nothing(
    ask: Callable[..., Any], nothing_left: Any, settings: Any, quota: str
) -> None:
    setattr(settings, f"QUOTA_{quota}", 1)
    assert ask(transformations=SMALL).status_code == 201
    with nothing_left():
        refused(ask(transformations=SMALL, data=pictures.jpeg(seed=2)), 403, "quota_exceeded")


@pytest.mark.django_db(transaction=True)
def test_simultaneous_requests_do_not_exceed_the_quota(
    ask: Callable[..., Any], user: Any, client_of: Any, at_once: Any, settings: Any
) -> None:
    """The quota is checked in the transaction that creates both rows."""
    settings.QUOTA_TASKS_PER_MONTH = 2

    def send(number: int) -> Any:
        return ask(client_of(user), pictures.jpeg(seed=number + 10), transformations=SMALL)

    statuses = sorted(answer.status_code for answer in at_once(5, send))
    assert statuses == [201, 201, 403, 403, 403]
    assert SourceImage.objects.count() == TransformationTask.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_simultaneous_requests_with_equal_files_do_not_deadlock(
    ask: Callable[..., Any], user: Any, client_of: Any, at_once: Any
) -> None:
    """All requests lock the same rows."""
    answers = at_once(6, lambda number: ask(client_of(user), transformations=SMALL))
    assert [answer.status_code for answer in answers] == [201] * 6
    assert SourceImage.objects.values("stored_object").distinct().count() == 1


def test_the_request_may_wait_for_the_task(
    ask: Callable[..., Any], limit_waiting: Callable[[int], None]
) -> None:
    limit_waiting(0)
    answer = ask(transformations=SMALL, mode="sync", key="one")
    assert (answer.status_code, answer.json()["status"]) == (202, "PENDING")
    again = ask(transformations=SMALL, mode="sync", key="one")
    assert (again.status_code, again["Idempotent-Replayed"]) == (202, "true")
    assert again.json()["id"] == answer.json()["id"]


def test_the_request_counts_against_both_rate_limits(
    ask: Callable[..., Any], settings: Any
) -> None:
    settings.RATE_LIMITS = True
    for scope in ("upload", "transform"):
        settings.THROTTLE_RATES = dict.fromkeys(settings.THROTTLE_RATES, "1000/day")
        settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, scope: "0/day"}
        answer = ask(transformations=SMALL)
        refused(answer, 429, "rate_limited")
        assert answer["RateLimit"].startswith(f'"{scope}";r=0;')


def test_an_api_key_needs_both_scopes(ask: Callable[..., Any], user: Any) -> None:
    for scopes, missing in (
        (["images:write"], "tasks"),
        (["tasks"], "images:write"),
        (["images:write", "tasks"], None),
    ):
        _, key = api_keys.create(user.pk, name="x", scopes=scopes)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Api-Key {key}")
        answer = ask(client, transformations=SMALL)
        if missing is None:
            assert answer.status_code == 201
        else:
            assert refused(answer, 403, "scope_missing")["limit"] == missing

"""Asking for a version of an image: what is refused and why, and what comes of the rest."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import current_app
from PIL import Image
from rest_framework.test import APIClient

from image_processor import tasks
from image_processor.engine import catalogue
from image_processor.models import StoredObject, TransformationTask, TransformedImage
from image_processor.storage import object_storage
from tests.api.problems import refused
from tests.builders import pictures


@pytest.fixture
def image(client: APIClient, upload: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """64 x 48 pixels."""
    return upload(client, pictures.jpeg(64, 48))


@pytest.fixture
def ask(client: APIClient, image: dict[str, Any]) -> Callable[..., Any]:
    """Ask for steps, with more members of the body."""

    def post(*steps: Any, **members: Any) -> Any:
        body = {"transformations": list(steps), **members}
        return client.post(f"/api/v1/images/{image['id']}/transform/", body)

    return post


def step(operation: str, **params: Any) -> dict[str, Any]:
    return {"operation": operation, "params": params}


FLIP = step("flip")
P0 = "/transformations/0/params"

# what is asked for -> status, code of the answer, pointer, code there, limit there
REFUSED: dict[str, tuple[Any, int, str, str, str, Any]] = {
    "body: list": ([], 400, "invalid_pipeline", "", "type", None),
    "body: text": ("resize", 400, "invalid_pipeline", "", "type", None),
    "body: null": (None, 400, "invalid_pipeline", "", "type", None),
    "body: number": (7, 400, "invalid_pipeline", "", "type", None),
    "body: empty": ({}, 400, "invalid_pipeline", "/transformations", "type", None),
    "steps: null": (
        {"transformations": None},
        400,
        "invalid_pipeline",
        "/transformations",
        "type",
        None,
    ),
    "steps: text": (
        {"transformations": "[]"},
        400,
        "invalid_pipeline",
        "/transformations",
        "type",
        None,
    ),
    "steps: none": (
        {"transformations": []},
        400,
        "invalid_pipeline",
        "/transformations",
        "too_short",
        1,
    ),
    **{
        f"steps: {count}": (
            {"transformations": [FLIP] * count},
            400,
            "invalid_pipeline",
            "/transformations",
            "too_long",
            32,
        )
        for count in (33, 100, 1000)
    },
    "step: text": (
        {"transformations": ["flip"]},
        400,
        "invalid_pipeline",
        "/transformations/0",
        "type",
        None,
    ),
    "step: empty": (
        {"transformations": [{}]},
        400,
        "invalid_pipeline",
        "/transformations/0/operation",
        "missing",
        None,
    ),
    "step: unknown member": (
        {"transformations": [{"operation": "flip", "parameters": {}}]},
        400,
        "invalid_pipeline",
        "/transformations/0/parameters",
        "unknown_parameter",
        None,
    ),
    "operation: unknown": (
        {"transformations": [FLIP, step("resise", width=1)]},
        400,
        "invalid_pipeline",
        "/transformations/1/operation",
        "unknown_operation",
        None,
    ),
    "operation: number": (
        {"transformations": [{"operation": 1}]},
        400,
        "invalid_pipeline",
        "/transformations/0/operation",
        "type",
        None,
    ),
    "operation: upper case": (
        {"transformations": [step("FLIP")]},
        400,
        "invalid_pipeline",
        "/transformations/0/operation",
        "unknown_operation",
        None,
    ),
    "params: list": (
        {"transformations": [{"operation": "flip", "params": []}]},
        400,
        "invalid_pipeline",
        P0,
        "type",
        None,
    ),
    "params: null": (
        {"transformations": [{"operation": "flip", "params": None}]},
        400,
        "invalid_pipeline",
        P0,
        "type",
        None,
    ),
    "parameter: unknown": (
        {"transformations": [step("resize", width=10, heigth=10)]},
        400,
        "invalid_pipeline",
        f"{P0}/heigth",
        "unknown_parameter",
        None,
    ),
    "parameter of another": (
        {"transformations": [step("flip", degrees=90)]},
        400,
        "invalid_pipeline",
        f"{P0}/degrees",
        "unknown_parameter",
        None,
    ),
    "width: negative": (
        {"transformations": [step("resize", width=-1)]},
        400,
        "invalid_pipeline",
        f"{P0}/width",
        "greater_than_equal",
        1,
    ),
    "width: 0": (
        {"transformations": [step("resize", width=0)]},
        400,
        "invalid_pipeline",
        f"{P0}/width",
        "greater_than_equal",
        1,
    ),
    "width: huge": (
        {"transformations": [step("resize", width=16_385)]},
        400,
        "invalid_pipeline",
        f"{P0}/width",
        "less_than_equal",
        16_384,
    ),
    "width: 4,000 digits": (
        {"transformations": [step("resize", width=10**3999)]},
        400,
        "invalid_pipeline",
        f"{P0}/width",
        "less_than_equal",
        16_384,
    ),
    "width: text": (
        {"transformations": [step("resize", width="80")]},
        400,
        "invalid_pipeline",
        f"{P0}/width",
        "type",
        None,
    ),
    "width: fraction": (
        {"transformations": [step("resize", width=80.5)]},
        400,
        "invalid_pipeline",
        f"{P0}/width",
        "type",
        None,
    ),
    "width: true": (
        {"transformations": [step("resize", width=True)]},
        400,
        "invalid_pipeline",
        f"{P0}/width",
        "type",
        None,
    ),
    "width: list": (
        {"transformations": [step("resize", width=[80])]},
        400,
        "invalid_pipeline",
        f"{P0}/width",
        "type",
        None,
    ),
    "resize: no side": (
        {"transformations": [step("resize")]},
        400,
        "invalid_pipeline",
        P0,
        "missing",
        None,
    ),
    "fit: unknown": (
        {"transformations": [step("resize", width=8, fit="stretch")]},
        400,
        "invalid_pipeline",
        f"{P0}/fit",
        "not_a_choice",
        None,
    ),
    "crop: outside": (
        {"transformations": [step("crop", x=60, y=0, width=5, height=5)]},
        422,
        "crop_outside_image",
        f"{P0}/width",
        "crop_outside_image",
        4,
    ),
    "crop: beyond": (
        {"transformations": [step("crop", x=64, y=0, width=1, height=1)]},
        422,
        "crop_outside_image",
        f"{P0}/x",
        "crop_outside_image",
        63,
    ),
    "crop: outside after a resize": (
        {
            "transformations": [
                step("resize", width=10, height=10),
                step("crop", x=0, y=0, width=11, height=1),
            ]
        },
        422,
        "crop_outside_image",
        "/transformations/1/params/width",
        "crop_outside_image",
        10,
    ),
    "rotate: too far": (
        {"transformations": [step("rotate", degrees=361)]},
        400,
        "invalid_pipeline",
        f"{P0}/degrees",
        "less_than_equal",
        360,
    ),
    "rotate: colour": (
        {"transformations": [step("rotate", degrees=5, background="no colour")]},
        400,
        "invalid_pipeline",
        f"{P0}/background",
        "",
        None,
    ),
    "blur: huge": (
        {"transformations": [step("blur", radius=1e9)]},
        400,
        "invalid_pipeline",
        f"{P0}/radius",
        "less_than_equal",
        100,
    ),
    "filter: none": (
        {"transformations": [step("apply_filter")]},
        400,
        "invalid_pipeline",
        P0,
        "missing",
        None,
    ),
    "filter: text": (
        {"transformations": [step("apply_filter", sepia="yes")]},
        400,
        "invalid_pipeline",
        f"{P0}/sepia",
        "type",
        None,
    ),
    "watermark: blank": (
        {"transformations": [step("watermark", text="  ")]},
        400,
        "invalid_pipeline",
        f"{P0}/text",
        "blank",
        None,
    ),
    "watermark: long": (
        {"transformations": [step("watermark", text="x" * 201)]},
        400,
        "invalid_pipeline",
        f"{P0}/text",
        "too_long",
        200,
    ),
    "watermark: no glyph": (
        {"transformations": [step("watermark", text="\U0001f305")]},
        400,
        "invalid_pipeline",
        f"{P0}/text",
        "unsupported_character",
        None,
    ),
    "compress: quality": (
        {"transformations": [step("compress", quality=101)]},
        400,
        "invalid_pipeline",
        f"{P0}/quality",
        "less_than_equal",
        100,
    ),
    "result too large": (
        {"transformations": [step("resize", width=16_000), step("rotate", degrees=45)]},
        422,
        "output_too_large",
        "/transformations/1/params",
        "output_too_large",
        16_384,
    ),
    "WebP too wide": (
        {"transformations": [step("resize", width=16_384, height=1)], "format": "webp"},
        422,
        "output_too_large",
        "/format",
        "output_too_large",
        16_383,
    ),
    "too much memory": (
        {"transformations": [step("resize", width=16_384, height=16_384)]},
        422,
        "too_much_memory",
        "/transformations",
        "too_much_memory",
        2**30,
    ),
    "unknown member": (
        {"transformations": [FLIP], "qualty": 3},
        400,
        "invalid_pipeline",
        "/qualty",
        "unknown_field",
        None,
    ),
    "format: unknown": (
        {"transformations": [FLIP], "format": "bmp"},
        400,
        "invalid_pipeline",
        "/format",
        "unknown_format",
        None,
    ),
    "format: number": (
        {"transformations": [FLIP], "format": 1},
        400,
        "invalid_pipeline",
        "/format",
        "type",
        None,
    ),
    "quality: 0": (
        {"transformations": [FLIP], "quality": 0},
        400,
        "invalid_pipeline",
        "/quality",
        "greater_than_equal",
        1,
    ),
    "quality: 101": (
        {"transformations": [FLIP], "quality": 101},
        400,
        "invalid_pipeline",
        "/quality",
        "less_than_equal",
        100,
    ),
    "quality: text": (
        {"transformations": [FLIP], "quality": "85"},
        400,
        "invalid_pipeline",
        "/quality",
        "type",
        None,
    ),
    "background: none": (
        {"transformations": [FLIP], "background": "#12"},
        400,
        "invalid_pipeline",
        "/background",
        "",
        None,
    ),
    "metadata: some": (
        {"transformations": [FLIP], "metadata": "some"},
        400,
        "invalid_pipeline",
        "/metadata",
        "not_a_choice",
        None,
    ),
    "lossless: text": (
        {"transformations": [FLIP], "lossless": "true"},
        400,
        "invalid_pipeline",
        "/lossless",
        "type",
        None,
    ),
    "lossless JPEG": (
        {"transformations": [FLIP], "lossless": True},
        422,
        "lossless_unavailable",
        "/lossless",
        "lossless_unavailable",
        None,
    ),
    "mode: unknown": (
        {"transformations": [FLIP], "mode": "later"},
        400,
        "invalid_pipeline",
        "/mode",
        "not_a_choice",
        ["async", "sync"],
    ),
    "mode: list": (
        {"transformations": [FLIP], "mode": ["async"]},
        400,
        "invalid_pipeline",
        "/mode",
        "not_a_choice",
        ["async", "sync"],
    ),
}


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer", "inner", "limit"), REFUSED.values(), ids=REFUSED.keys()
)
def test_what_is_refused_leaves_nothing(
    client: APIClient,
    image: dict[str, Any],
    nothing_left: Any,
    body: Any,
    status: int,
    code: str,
    pointer: str,
    inner: str,
    limit: Any,
) -> None:
    with nothing_left():
        answer = client.generic(
            "POST",
            f"/api/v1/images/{image['id']}/transform/",
            json.dumps(body),
            content_type="application/json",
        )
        found = refused(answer, status, code, pointer)
    (error,) = (error for error in found["errors"] if error["pointer"] == pointer)
    if inner:
        assert error["code"] == inner
    assert error.get("limit") == limit
    if isinstance(limit, int) and status == 400:
        assert str(limit) in error["detail"]
    assert len(answer.content) < 4000


def test_every_problem_is_told_at_once(ask: Callable[..., Any]) -> None:
    answer = ask(step("resize", width=-1, height="x"), step("nothing"), FLIP, quality=0)
    body = refused(answer, 400, "invalid_pipeline")
    assert [error["pointer"] for error in body["errors"]] == [
        "/transformations/0/params/width",
        "/transformations/0/params/height",
        "/transformations/1/operation",
        "/quality",
    ]


def test_thirty_two_steps_are_taken(ask: Callable[..., Any]) -> None:
    assert ask(*[FLIP] * 32).status_code == 201


def test_the_answer_says_where_the_task_is(
    client: APIClient, ask: Callable[..., Any], image: dict[str, Any]
) -> None:
    answer = ask(step("resize", width=32), format="png", quality=70)
    assert answer.status_code == 201
    task = answer.json()
    assert answer["Location"] == f"/api/v1/tasks/{task['id']}/"
    expected = {
        "status": "PENDING",
        "original_image": image["id"],
        "result_image": None,
        "result_url": None,
        "transformations": [step("resize", width=32)],
        "format": "PNG",
        "quality": 70,
        "progress": 0,
        "attempts": 0,
        "error_code": None,
        "error_message": None,
        "started_at": None,
        "finished_at": None,
    }
    assert {name: task[name] for name in expected} == expected
    assert client.get(answer["Location"]).json() == task


def test_every_operation_does_its_own_example(
    client: APIClient, ask: Callable[..., Any], work_off: Callable[[], None]
) -> None:
    operations = client.get("/api/v1/operations/").json()
    assert [operation["name"] for operation in operations] == [item["name"] for item in catalogue()]
    assert {operation["name"] for operation in operations} >= {
        "resize",
        "crop",
        "rotate",
        "watermark",
        "flip",
        "mirror",
        "compress",
        "change_format",
        "apply_filter",
    }
    for operation in operations:
        # Large enough for every example's numbers.
        enlarged = step("resize", width=600, height=400)
        answer = ask(enlarged, operation["example"])
        assert answer.status_code == 201, (operation["name"], answer.content)
        work_off()
        task = client.get(answer["Location"]).json()
        assert task["status"] == "SUCCESS", task
        fetched = APIClient().get(task["result_url"])
        assert pictures.opened(b"".join(fetched.streaming_content)).size == (
            task_size(client, task)
        )


def task_size(client: APIClient, task: dict[str, Any]) -> tuple[int, int]:
    result = client.get(f"/api/v1/images/transformed/{task['result_image']}/").json()
    return result["metadata"]["width"], result["metadata"]["height"]


def test_the_catalogue_needs_no_user() -> None:
    answer = APIClient().get("/api/v1/operations/")
    assert answer.status_code == 200
    assert answer.json()
    for operation in answer.json():
        assert operation.keys() == {"name", "group", "description", "parameters", "example"}


@pytest.mark.parametrize("name", ["jpeg", "JPG", "Png", "webp", "gif", "tiff", "AVIF"])
def test_every_output_format(
    client: APIClient, ask: Callable[..., Any], work_off: Callable[[], None], name: str
) -> None:
    answer = ask(step("resize", width=20), format=name)
    assert answer.status_code == 201, answer.content
    format_name = {"JPG": "JPEG"}.get(name.upper(), name.upper())
    assert answer.json()["format"] == format_name
    work_off()
    task = client.get(answer["Location"]).json()
    assert task["status"] == "SUCCESS", task
    fetched = APIClient().get(task["result_url"])
    assert fetched["Content-Type"] == f"image/{format_name.lower()}"
    result = pictures.opened(b"".join(fetched.streaming_content))
    assert (result.format, result.width) == (format_name, 20)


def test_without_a_format_it_is_the_source_s_own(
    client: APIClient, upload: Callable[..., dict[str, Any]]
) -> None:
    source = upload(client, pictures.encoded(pictures.noise(20, 20), "WEBP"))
    answer = client.post(f"/api/v1/images/{source['id']}/transform/", {"transformations": [FLIP]})
    assert answer.json()["format"] == "WEBP"


def test_the_same_request_is_answered_from_its_result(
    client: APIClient, ask: Callable[..., Any], work_off: Callable[[], None]
) -> None:
    first = ask(step("resize", width=20), format="jpeg").json()
    work_off()
    objects = StoredObject.objects.count()
    # The same meaning: defaults written out, another case, a turn that is none.
    again = ask(step("resize", width=20, fit="fill"), format="JPG", mode="async")
    assert again.status_code == 201
    second = again.json()
    assert second["status"] == "SUCCESS"
    assert second["progress"] == 1
    assert second["finished_at"]
    assert second["id"] != first["id"]
    first = client.get(f"/api/v1/tasks/{first['id']}/").json()
    assert second["result_image"] not in (None, first["result_image"])
    assert StoredObject.objects.count() == objects
    other = ask(step("resize", width=21), format="jpeg").json()
    assert other["status"] == "PENDING"


def test_another_s_equal_picture_answers_nothing(
    client: APIClient,
    ask: Callable[..., Any],
    work_off: Callable[[], None],
    client_of: Any,
    make_user: Any,
    upload: Callable[..., dict[str, Any]],
) -> None:
    ask(FLIP)
    work_off()
    other = client_of(make_user())
    theirs = upload(other, pictures.jpeg(64, 48))
    answer = other.post(f"/api/v1/images/{theirs['id']}/transform/", {"transformations": [FLIP]})
    assert answer.json()["status"] == "PENDING"


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The broker is at a port where nobody listens."""
    app = current_app._get_current_object()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"redis://127.0.0.1:{taken.getsockname()[1]}/0"
        monkeypatch.setitem(app.conf, "broker_url", address)
        monkeypatch.setenv("CELERY_BROKER_URL", address)  # Celery reads it before its settings
        # Pools are kept per address; these are the ones of the real broker.
        monkeypatch.setattr(app, "_pool", None)
        monkeypatch.setattr(app.amqp, "_producer_pool", None)
        yield


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_holds_nothing_up(
    ask: Callable[..., Any], no_broker: None, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setattr("utils.messages._paused_until", 0.0)
    first = ask(FLIP)
    assert first.status_code == 201
    assert "message_not_sent" in caplog.text
    caplog.clear()
    second = ask(step("mirror"))
    assert second.status_code == 201
    assert "message_not_sent" not in caplog.text  # it was not even tried
    statuses = TransformationTask.objects.values_list("status", flat=True)
    assert list(statuses) == ["PENDING", "PENDING"]


def test_a_crop_at_the_focal_point_follows_it(
    client: APIClient, upload: Callable[..., dict[str, Any]]
) -> None:
    """Also when it is moved: the earlier result does not answer for the new point."""
    halves = Image.new("RGB", (80, 40), "red")
    halves.paste("blue", (40, 0, 80, 40))
    image = upload(client, pictures.encoded(halves, "PNG"))
    steps = [{"operation": "crop", "params": {"width": 20, "height": 20, "anchor": "focal"}}]
    colours = []
    for x in (0.1, 0.9):
        point = {"focal_point": {"x": x, "y": 0.5}}
        assert client.patch(f"/api/v1/images/{image['id']}/", point).status_code == 200
        answer = client.post(
            f"/api/v1/images/{image['id']}/transform/", {"transformations": steps, "format": "png"}
        )
        assert answer.json()["status"] == "PENDING"
        tasks.work("light")
        result = TransformedImage.objects.latest("pk")
        colours.append(
            pictures.opened(object_storage().get(result.stored_object.key)).getpixel((5, 5))
        )
    assert colours == [(255, 0, 0), (0, 0, 255)]


def test_a_task_shows_how_its_file_was_asked_to_be_written(
    client: APIClient, upload: Callable[..., dict[str, Any]]
) -> None:
    image = upload(client)
    path = f"/api/v1/images/{image['id']}/transform/"
    steps = {"transformations": [{"operation": "flip"}]}
    asked = {"quality": 70, "lossless": True, "metadata": "keep", "background": "#ff0000ff"}
    task = client.post(path, {**steps, "format": "webp", **asked}).json()
    assert task["options"] == asked | {"quality": None}  # which has no meaning without loss
    assert client.get(f"/api/v1/tasks/{task['id']}/").json()["options"] == task["options"]
    plain = client.post(path, {**steps, "format": "webp", "quality": "auto"}).json()
    assert plain["options"] == {
        "quality": "auto", "lossless": False, "metadata": None, "background": None,
    }  # fmt: skip
    again = {"transformations": task["transformations"], "format": "webp", **task["options"]}
    assert client.post(path, again).json()["options"] == task["options"]


def test_what_a_task_shows_can_be_asked_for_again_with_a_lowest_quality(
    client: APIClient, upload: Callable[..., dict[str, Any]]
) -> None:
    path = f"/api/v1/images/{upload(client)['id']}/transform/"
    small = {"operation": "compress", "params": {"max_bytes": 90_000, "min_quality": 90}}
    task = client.post(path, {"transformations": [small], "format": "png"}).json()
    answer = client.post(path, {"transformations": [small], "format": "png", **task["options"]})
    assert answer.status_code == 201, answer.content

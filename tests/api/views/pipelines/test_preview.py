"""`POST images/<id>/preview/`: the scaled-down result, which is not stored."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from celery import current_app
from django.core.cache import cache
from kombu.simple import SimpleQueue
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rest_framework.test import APIClient

from api.http import disconnection
from image_processor import tasks
from image_processor.engine.writing.output_formats import OUTPUT_FORMATS
from image_processor.jobs.queues import INTERACTIVE
from image_processor.models import SourceImage, StoredObject, TransformationTask
from image_processor.storage import object_storage
from image_processor.storage.local import FileLink
from image_processor.transform import (
    abandonment,
    preview_answers,
    preview_plans,
    preview_requests,
    preview_worker,
)
from tests.api.problems import refused
from tests.builders import pictures, rows
from tests.builders.optional_formats import with_optional
from tests.threads import await_end
from utils.slots import Slots

FLIP = {"transformations": [{"operation": "flip"}]}
STOP = "stop"  # ends the worker's thread


@pytest.fixture
def messages() -> Iterator[SimpleQueue]:
    """The interactive queue of the real broker."""
    with current_app.connection() as connection:
        queue = connection.SimpleQueue(INTERACTIVE.name)
        queue.clear()
        yield queue
        queue.clear()
        queue.close()


def take(queue: SimpleQueue, *, timeout: float = 10) -> str:
    message = queue.get(timeout=timeout)
    message.ack()
    return str(message.payload[0][0])


@pytest.fixture
def worker(messages: SimpleQueue) -> Iterator[None]:
    """Run the interactive worker in a thread."""

    def serve() -> None:
        while (message := take(messages, timeout=60)) != STOP:
            tasks.preview(message)

    thread = threading.Thread(target=serve)
    thread.start()
    yield
    with current_app.connection() as connection, connection.SimpleQueue(INTERACTIVE.name) as queue:
        queue.put([[STOP]])
    await_end(thread)


@pytest.fixture
def image(client: APIClient, upload: Callable[..., Any]) -> dict[str, Any]:
    """An image of 600 x 400 pixels."""
    made: dict[str, Any] = upload(client, pictures.jpeg(600, 400))
    return made


@pytest.fixture
def preview(client: APIClient, image: dict[str, Any]) -> Callable[..., Any]:
    """Request previews of the image."""

    def ask(body: Any = FLIP, **headers: str) -> Any:
        return client.post(f"/api/v1/images/{image['id']}/preview/", body, **headers)

    return ask


def step(operation: str, **params: Any) -> dict[str, Any]:
    return {"transformations": [{"operation": operation, "params": params}]}


def test_a_preview_shows_the_result_and_stores_nothing(
    worker: None, preview: Callable[..., Any], nothing_left: Any
) -> None:
    with nothing_left():
        answer = preview(step("resize", width=3000, height=1500) | {"format": "png"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert pictures.opened(answer.content).size == (1024, 512)
    told = {name: answer[f"Full-{name}"] for name in ("Width", "Height", "Format", "Exact")}
    assert told == {"Width": "3000", "Height": "1500", "Format": "PNG", "Exact": "true"}


def test_a_preview_keeps_alpha_and_marks_inexact_sizes(
    worker: None, preview: Callable[..., Any]
) -> None:
    answer = preview(step("trim") | {"format": "webp"})
    assert answer["Full-Exact"] == "false"
    answer = preview(step("round_corners", radius=40) | {"format": "webp"})
    assert answer["Content-Type"] == "image/webp"
    assert pictures.opened(answer.content).mode == "RGBA"


@pytest.mark.parametrize("name", with_optional(OUTPUT_FORMATS))
def test_a_preview_has_a_documented_format(
    worker: None, preview: Callable[..., Any], document: dict[str, Any], name: str
) -> None:
    answer = preview(step("flip") | {"format": name, "encoded": True})
    route = document["paths"]["/api/v1/images/{id}/preview/"]
    assert answer["Content-Type"] in route["post"]["responses"]["200"]["content"]


def test_an_encoded_preview_has_the_format_and_quality_of_the_result(
    worker: None, preview: Callable[..., Any]
) -> None:
    sizes = []
    for quality in (90, 10):
        answer = preview({**FLIP, "format": "webp", "quality": quality, "encoded": True})
        assert pictures.opened(answer.content).format == "WEBP"
        sizes.append(len(answer.content))
    assert sizes[1] < sizes[0]


def test_a_preset_is_previewed(
    worker: None, preview: Callable[..., Any], client: APIClient
) -> None:
    client.post("/api/v1/presets/", {"name": "half", **step("resize", width=300)})
    assert pictures.opened(preview({"preset": "half"}).content).size == (300, 200)


def test_equal_previews_have_equal_etags(worker: None, preview: Callable[..., Any]) -> None:
    first = preview()
    assert preview()["ETag"] == first["ETag"]
    assert preview(step("mirror"))["ETag"] != first["ETag"]


def test_an_unchanged_preview_is_304_without_a_worker(
    worker: None, preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    etag = preview()["ETag"]

    def nobody(*args: Any, **kwargs: Any) -> bool:
        raise AssertionError("a worker was asked")

    monkeypatch.setattr(preview_requests.messages, "send", nobody)
    answer = preview(HTTP_IF_NONE_MATCH=etag)
    assert (answer.status_code, answer["ETag"], answer.content) == (304, etag, b"")
    assert answer["Full-Width"] == "600"


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({}, 400, "invalid_pipeline", "/transformations"),
        ({**FLIP, "mode": "sync"}, 400, "invalid_pipeline", "/mode"),
        ({**FLIP, "encoded": "yes"}, 400, "invalid_pipeline", "/encoded"),
        (
            step("crop", x=500, y=0, width=200, height=10),
            422,
            None,
            "/transformations/0/params/width",
        ),
        (step("watermark", image_id=987_654), 404, "unknown_image", None),
        ({"preset": "none such"}, 404, None, None),
    ],
)
def test_invalid_previews_are_refused(
    preview: Callable[..., Any], body: Any, status: int, code: str | None, pointer: str | None
) -> None:
    answer = preview(body)
    problem = answer.json()
    assert answer.status_code == status, problem
    assert code in (None, problem["code"])
    if pointer:
        assert problem["errors"][0]["pointer"] == pointer


def test_an_error_in_the_worker_is_the_answer(worker: None, preview: Callable[..., Any]) -> None:
    refused(preview(step("crop", width=9, height=9, anchor="face")), 422, "no_face_found")


def test_the_number_of_waiting_requests_is_limited(
    preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_requests, "_slots", Slots(0))
    answer = preview()
    assert refused(answer, 503, "preview_unavailable")["limit"] == 0
    assert answer["Retry-After"] == "5"


def test_one_user_leaves_slots_to_others(
    worker: None, preview: Callable[..., Any], user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    slots = Slots(2, per_owner=1)
    monkeypatch.setattr(preview_requests, "_slots", slots)
    slots.take(user.pk)
    problem = refused(preview(), 503, "preview_unavailable")
    assert (problem["limit"], "your previews" in problem["detail"]) == (1, True)
    slots.release(user.pk)
    slots.take(user.pk + 1)
    assert preview().status_code == 200


def test_a_request_frees_its_slot(
    worker: None, preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_requests, "_slots", Slots(1))
    assert [preview().status_code for _ in range(2)] == [200, 200]


def test_without_a_worker_a_preview_is_503_and_its_message_is_ignored_later(
    messages: SimpleQueue, preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_requests, "WAIT_SECONDS", 0.05)
    refused(preview(), 503, "preview_unavailable")
    made: list[Any] = []
    monkeypatch.setattr(preview_worker, "preview", lambda *args, **kwargs: made.append(args))
    tasks.preview(take(messages))
    assert made == []


def test_the_preview_of_a_disconnected_client_is_not_made(
    messages: SimpleQueue, preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_requests, "WAIT_SECONDS", 10_000)
    monkeypatch.setattr(disconnection, "may_be_gone", lambda request: True)
    problem = refused(preview(), 503, "preview_unavailable")
    assert "closed its side of the connection" in problem["detail"]  # perhaps it still reads
    made: list[Any] = []
    monkeypatch.setattr(preview_worker, "preview", lambda *args, **kwargs: made.append(args))
    tasks.preview(take(messages))
    assert made == []


@pytest.mark.parametrize(("seconds", "checks"), [(3_600, 1), (0, 101)])
def test_the_worker_seldom_checks_for_a_disconnected_client(
    messages: SimpleQueue,
    preview: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    checks: int,
) -> None:
    monkeypatch.setattr(preview_requests, "WAIT_SECONDS", 0.05)
    refused(preview(), 503, "preview_unavailable")
    checks_made: list[str] = []

    def reach_checkpoints(*args: Any, checkpoint: Callable[[float], None], **kwargs: Any) -> None:
        for step in range(100):
            checkpoint(step / 100)
        raise abandonment.Abandoned

    monkeypatch.setattr(preview_worker, "preview", reach_checkpoints)
    monkeypatch.setattr(abandonment, "CHECK_SECONDS", seconds)
    monkeypatch.setattr(preview_answers, "is_abandoned", checks_made.append)
    tasks.preview(take(messages))
    assert len(checks_made) == checks


def test_an_unread_answer_expires(messages: SimpleQueue, user: Any) -> None:
    planned = preview_plans.plan_preview(rows.image(user), **FLIP)
    with preview_requests.request_preview(planned, user.pk) as pending:
        tasks.preview(take(messages))
        key = cache.make_key(pending._key)
        assert 0 < preview_answers._redis().ttl(key) <= 30
        assert pending.wait(1)
    assert pending.image().width == 64


def test_without_the_cache_a_preview_is_503_at_once(
    messages: SimpleQueue, preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    absent = Redis(port=port, retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr(preview_answers, "_redis", lambda: absent)
    problem = refused(preview(), 503, "preview_unavailable")
    assert problem["detail"] == "The cache for previews is not responding."
    tasks.preview(take(messages))  # the worker does not fail without the cache


def test_an_unavailable_broker_is_503(
    preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_requests.messages, "send", lambda *args, **kwargs: False)
    refused(preview(), 503, "preview_unavailable")


def test_previews_have_a_separate_rate_limit(
    worker: None, preview: Callable[..., Any], settings: Any
) -> None:
    settings.RATE_LIMITS = True
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "preview": "1/hour"}
    assert preview().status_code == 200
    refused(preview(), 429, "rate_limited")


# --- The proxy


@pytest.fixture
def large(user: Any) -> SourceImage:
    """An image with its proxy and its other derived pictures."""
    image = rows.image(user, pictures.jpeg(2600, 1300))
    tasks.work("derive")
    return SourceImage.objects.select_related("stored_object__proxy").get(pk=image.pk)


def source_of(image: SourceImage, **request: Any) -> str:
    return str(preview_plans.plan_preview(image, **request).message["source"]["key"])


def test_the_proxy_is_used_if_it_has_enough_pixels(large: SourceImage, settings: Any) -> None:
    proxy = large.stored_object.proxy
    assert proxy is not None
    assert source_of(large, **FLIP) == proxy.key
    part = step("crop", width=500, height=500)
    assert source_of(large, **part) == large.stored_object.key
    settings.IMAGE_PROXY = False
    assert source_of(large, **FLIP) == large.stored_object.key


def test_a_preview_from_the_proxy_has_another_etag(large: SourceImage, settings: Any) -> None:
    etag = preview_plans.plan_preview(large, **FLIP).etag
    settings.IMAGE_PROXY = False
    assert preview_plans.plan_preview(large, **FLIP).etag != etag


def test_tasks_never_use_the_proxy(large: SourceImage, settings: Any) -> None:
    """The result has the same bytes with a proxy, with proxies disabled, and without a proxy."""
    digests = set()
    for has_proxy, on in ((True, True), (True, False), (False, True)):
        settings.IMAGE_PROXY = on
        if not has_proxy:
            StoredObject.objects.filter(pk=large.stored_object_id).update(proxy=None)
        task = rows.task(large, [{"operation": "resize", "params": {"width": 300}}])
        tasks.work(task.queue)
        done = TransformationTask.objects.select_related("result_image__stored_object").get(
            pk=task.pk
        )
        data = object_storage().get(done.result_image.stored_object.key)
        digests.add(data)
        done.delete()
        StoredObject.objects.filter(key__startswith="images/results/").delete()
    assert len(digests) == 1


# --- Thumbnails


def test_an_image_shows_its_thumbnail_once_it_exists(
    client: APIClient, upload: Callable[..., Any]
) -> None:
    image = upload(client, pictures.jpeg(1000, 700))
    assert image["thumbnail"] is None
    assert (image["metadata"]["dominant_colors"], image["metadata"]["thumbhash"]) == (None, None)
    path = f"/api/v1/images/{image['id']}/"
    before = client.get(path)
    tasks.work("derive")
    shown = client.get(path, HTTP_IF_NONE_MATCH=before["ETag"])
    assert shown.status_code == 200
    assert len(shown.json()["metadata"]["dominant_colors"]) == 5
    assert shown.json()["metadata"]["thumbhash"]
    linked = client.get(shown.json()["thumbnail"])
    assert pictures.opened(b"".join(linked.streaming_content)).size == (512, 358)
    assert client.get(path, HTTP_IF_NONE_MATCH=shown["ETag"]).status_code == 304
    assert client.get("/api/v1/images/").json()["results"][0]["thumbnail"]


def test_a_small_image_is_its_own_thumbnail(client: APIClient, upload: Callable[..., Any]) -> None:
    image = upload(client)
    thumbnail, file = (
        FileLink.read(urlsplit(image[name]).path.removeprefix("/files/"))
        for name in ("thumbnail", "file")
    )
    assert thumbnail.key == file.key
    assert thumbnail.expires > file.expires


def test_a_result_shows_its_thumbnail(
    client: APIClient, upload: Callable[..., Any], work_off: Callable[[], None]
) -> None:
    image = upload(client, pictures.jpeg(1000, 700))["id"]
    client.post(f"/api/v1/images/{image}/transform/", FLIP)
    work_off()
    path = "/api/v1/images/transformed/"
    assert client.get(path).json()["results"][0]["thumbnail"] is None
    for _ in range(2):
        tasks.work("derive")
    assert client.get(path).json()["results"][0]["thumbnail"]

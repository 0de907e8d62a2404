"""Images whose header is right and whose pixels cannot be decoded."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from rest_framework.test import APIClient

from image_processor import tasks
from image_processor.engine.errors import InvalidImage
from image_processor.jobs.model import MAX_ATTEMPTS, Status
from image_processor.library import derivation_requests, images
from image_processor.models import Derivation, SourceImage
from outbox.models import Event
from tests.api.locks import until_waiting
from tests.builders import rows
from tests.engine import hostile
from tests.threads import await_end


def undecodable() -> bytes:
    """A PNG of 8x8 pixels whose rows begin with a filter that does not exist."""
    whole = hostile.png(8, 8)
    start, end = whole.index(b"IDAT") - 4, whole.index(b"IEND") - 4
    pixels = zlib.compress((b"\x09" + bytes(24)) * 8)
    return whole[:start] + hostile.png_chunk(b"IDAT", pixels) + whole[end:]


@pytest.fixture
def image(user: Any) -> SourceImage:
    return rows.image(user, undecodable())


def derive() -> None:
    derivation_requests.write_missing_jobs()
    for _ in range(Derivation.objects.count()):
        tasks.work("derive")


def test_all_images_of_the_file_fail_with_the_reason(image: SourceImage, user: Any) -> None:
    other, readable = rows.image(user, undecodable()), rows.image(user)
    derive()
    for failed in (image, other):
        failed.refresh_from_db()
        assert (failed.status, failed.error_code) == ("failed", "invalid_image")
        assert failed.error_message.startswith("The image is damaged")
    readable.refresh_from_db()
    assert readable.status == "ready"
    events = Event.objects.filter(kind="image.failed").order_by("pk")
    assert [event.payload["image"] for event in events] == [image.pk, other.pk]


def test_an_image_that_is_stored_at_the_same_moment_fails_too(
    transactional_db: None, make_user: Callable[..., Any]
) -> None:
    user = make_user()
    image = rows.image(user, undecodable())
    derivation_requests.write_missing_jobs()

    def fail() -> None:
        tasks.work("derive")
        connection.close()

    thread = threading.Thread(target=fail, name="derivation")
    with transaction.atomic():
        other = rows.image(user, undecodable())
        thread.start()
        until_waiting(1)
    await_end(thread)
    assert set(SourceImage.objects.values_list("status", flat=True)) == {"failed"}
    events = Event.objects.filter(kind="image.failed").order_by("pk")
    assert [event.payload["image"] for event in events] == [image.pk, other.pk]


def test_a_failed_image_takes_no_task_and_keeps_its_file(
    image: SourceImage, client: APIClient
) -> None:
    derive()
    body = {"transformations": rows.RESIZE}
    answer = client.post(f"/api/v1/images/{image.pk}/transform/", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "image_not_ready")
    assert "damaged" in answer.json()["detail"]
    shown = client.get(f"/api/v1/images/{image.pk}/").json()
    assert (shown["status"], shown["error_code"]) == ("failed", "invalid_image")
    assert shown["file"]
    zipped = client.post("/api/v1/images/zip/", {"ids": [image.pk]}, format="json")
    assert undecodable() in b"".join(zipped)


def test_the_same_bytes_are_refused_until_the_failed_image_is_deleted(
    image: SourceImage, user: Any
) -> None:
    derive()
    with pytest.raises(InvalidImage, match="damaged"):
        rows.image(user, undecodable())
    images.delete(SourceImage.objects.get(pk=image.pk))
    assert rows.image(user, undecodable()).status == "ready"


def test_a_failure_of_the_service_does_not_fail_the_image(
    image: SourceImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("image_processor.library.derivation_job.derive", crash)
    derivation_requests.write_missing_jobs()
    for _ in range(MAX_ATTEMPTS):
        Derivation.objects.update(available_at=Now())
        tasks.work("derive")
    assert Derivation.objects.get().status == Status.FAILED
    image.refresh_from_db()
    assert image.status == "ready"

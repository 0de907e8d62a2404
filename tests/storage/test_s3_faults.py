"""Outages of the object store, and objects that are missing in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now
from rest_framework.test import APIClient

from image_processing_service import readiness
from image_processor.library import removal
from image_processor.models import (
    SourceImage,
    StoredObject,
    TransformationTask,
    TransformedImage,
    UnclaimedObject,
)
from tests.builders import pictures
from tests.servers.stores import Store

ServeFrom = Callable[[Store], Any]
Step = Callable[..., dict[str, Any]]


def test_an_upload_during_an_outage_leaves_no_rows(
    client: APIClient, serve_from: ServeFrom, moto_store: Store, closed_store: Store
) -> None:
    file = SimpleUploadedFile("photo.jpg", pictures.jpeg())
    with serve_from(closed_store):
        answer = client.post("/api/v1/images/upload/", {"file": file}, format="multipart")
        assert answer.status_code == 503
        assert answer.json()["code"] == "storage_unavailable"
        assert not SourceImage.objects.exists()
        assert not StoredObject.objects.exists()
        soon = Now() + removal.RETRY_PAUSE
        assert UnclaimedObject.objects.filter(remove_after__lte=soon).count() == 1
        assert removal.sweep() == 0
        assert UnclaimedObject.objects.count() == 1
    UnclaimedObject.objects.update(remove_after=Now())
    with serve_from(moto_store):  # the store answers again
        assert removal.sweep() == 1
    assert not UnclaimedObject.objects.exists()


def test_a_task_waits_for_the_store(
    client: APIClient,
    upload: Step,
    submit: Step,
    run: Step,
    serve_from: ServeFrom,
    moto_store: Store,
    closed_store: Store,
) -> None:
    with serve_from(moto_store):
        task = submit(client, upload(client)["id"])
    with serve_from(closed_store):
        tried = run(task)
    assert (tried["status"], tried["error_code"]) == ("PENDING", "storage_unavailable")
    assert tried["attempts"] == 1
    row = TransformationTask.objects.get()
    assert row.available_at - row.updated_at >= timedelta(seconds=5)

    TransformationTask.objects.update(available_at=Now())  # end the pause before the next attempt
    with serve_from(moto_store):
        done = run(task)
        assert (done["status"], done["attempts"]) == ("SUCCESS", 2), done
        assert TransformedImage.objects.count() == 1


def test_a_task_whose_source_is_missing_fails(
    store: Store, client: APIClient, upload: Step, submit: Step, run: Step
) -> None:
    task = submit(client, upload(client)["id"])
    store.client.delete_object(Bucket=store.bucket, Key=StoredObject.objects.get().key)
    done = run(task)
    assert (done["status"], done["error_code"]) == ("FAILED", "object_missing")
    assert done["error_message"]
    assert not TransformedImage.objects.exists()


def test_lists_and_details_do_not_need_the_store(
    client: APIClient,
    upload: Step,
    serve_from: ServeFrom,
    moto_store: Store,
    closed_store: Store,
) -> None:
    with serve_from(moto_store):
        image = upload(client)
    with serve_from(closed_store):
        assert client.get("/api/v1/images/").status_code == 200
        assert client.get(f"/api/v1/images/{image['id']}/").status_code == 200
        assert client.delete(f"/api/v1/images/{image['id']}/").status_code == 204
    with serve_from(moto_store):
        assert removal.sweep() == 1
    assert moto_store.listed() == set()


def test_readiness_names_a_store_that_is_down(
    client: APIClient,
    serve_from: ServeFrom,
    moto_store: Store,
    closed_store: Store,
    monkeypatch: Any,
) -> None:
    monkeypatch.setattr(readiness, "REUSED_SECONDS", 0)
    with serve_from(moto_store):
        assert client.get("/readyz").status_code == 200
    with serve_from(closed_store):
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "storage" in answer.content.decode().lower()

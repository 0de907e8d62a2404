"""Quotas through the API: refused requests name the quota and leave nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from rest_framework.test import APIClient

from image_processor.ingest import imports
from image_processor.library import removal
from image_processor.library.accounting.quotas import QuotaExceeded
from image_processor.models import Quota, SourceImage, StoredObject, TransformationTask, Usage
from tests.api.conftest import media_files
from tests.api.problems import refused
from tests.builders import pictures

MB = 1024 * 1024


def send(client: APIClient, data: bytes | None = None) -> Any:
    file = SimpleUploadedFile("photo.jpg", data if data is not None else pictures.jpeg())
    return client.post("/api/v1/images/upload/", {"file": file}, format="multipart")


def ask(client: APIClient, image: int, width: int = 9) -> Any:
    step = {"operation": "resize", "params": {"width": width, "height": 9}}
    body = {"transformations": [step], "format": "png"}
    return client.post(f"/api/v1/images/{image}/transform/", body)


@pytest.fixture
def allow(user: Any) -> Callable[..., None]:
    """Set the quotas of `user`, as an operator does."""

    def give(**limits: int | None) -> None:
        Quota.objects.update_or_create(owner=user, defaults=limits)

    return give


def test_an_upload_over_the_storage_quota_leaves_nothing(
    client: APIClient, allow: Any, nothing_left: Any, settings: Any
) -> None:
    settings.QUOTA_STORAGE_MB = 1
    assert send(client).status_code == 201
    Usage.objects.update(bytes_stored=MB - 10)
    with nothing_left():
        body = refused(send(client, pictures.jpeg(seed=2)), 403, "quota_exceeded")
    size = len(pictures.jpeg(seed=2))
    assert body["quota"] == "bytes_stored"
    assert (body["limit"], body["actual"]) == (MB, MB - 10 + size)
    assert str(MB) in body["detail"]


def test_a_duplicate_upload_needs_no_storage(client: APIClient, allow: Any, user: Any) -> None:
    first = send(client).json()
    allow(storage_mb=1)
    Usage.objects.update(bytes_stored=MB)
    assert send(client).json()["duplicate_of"] == first["id"]
    assert Usage.objects.get().bytes_stored == MB


def test_deleting_an_image_frees_its_bytes(client: APIClient) -> None:
    data = pictures.jpeg()
    first, second = send(client, data).json(), send(client, data).json()
    assert Usage.objects.get().bytes_stored == len(data)
    client.delete(f"/api/v1/images/{first['id']}/")
    assert Usage.objects.get().bytes_stored == len(data)
    client.delete(f"/api/v1/images/{second['id']}/")
    assert Usage.objects.get().bytes_stored == 0


def test_results_count_until_they_are_deleted(
    client: APIClient, work_off: Callable[[], None]
) -> None:
    data = pictures.jpeg()
    image = send(client, data).json()["id"]
    ask(client, image)
    again = ask(client, image)
    work_off()
    task = client.get(f"/api/v1/tasks/{again.json()['id']}/").json()
    result = client.get(f"/api/v1/images/transformed/{task['result_image']}/").json()
    # Two results share one object.
    assert Usage.objects.get().bytes_stored == len(data) + result["metadata"]["size_bytes"]
    for row in client.get("/api/v1/tasks/").json()["results"]:
        client.delete(f"/api/v1/tasks/{row['id']}/")
    assert Usage.objects.get().bytes_stored == len(data)


def test_an_accepted_task_may_exceed_the_storage_quota(
    client: APIClient, allow: Any, work_off: Callable[[], None]
) -> None:
    """The result is stored even if it exceeds the quota; the next request is refused."""
    image = send(client).json()["id"]
    allow(storage_mb=1)
    Usage.objects.update(bytes_stored=MB - 1)
    task = ask(client, image).json()["id"]
    work_off()
    assert client.get(f"/api/v1/tasks/{task}/").json()["status"] == "SUCCESS"
    used = Usage.objects.get().bytes_stored
    assert used > MB
    body = refused(ask(client, image, 11), 403, "quota_exceeded")
    assert (body["quota"], body["limit"], body["actual"]) == ("bytes_stored", MB, used)


def test_tasks_over_the_monthly_quota_are_refused(
    client: APIClient, allow: Any, nothing_left: Any
) -> None:
    image = send(client).json()["id"]
    allow(tasks_per_month=2)
    assert ask(client, image, 1).status_code == 201
    assert ask(client, image, 2).status_code == 201
    with nothing_left():
        body = refused(ask(client, image, 3), 403, "quota_exceeded")
    assert (body["quota"], body["limit"], body["actual"]) == ("tasks_this_month", 2, 3)


def test_a_deleted_task_still_counts_for_its_month(client: APIClient, allow: Any) -> None:
    image = send(client).json()["id"]
    allow(tasks_per_month=1)
    task = ask(client, image).json()["id"]
    client.delete(f"/api/v1/tasks/{task}/")
    refused(ask(client, image), 403, "quota_exceeded")


def test_a_reused_result_counts_only_against_the_monthly_quota(
    client: APIClient, allow: Any, work_off: Callable[[], None]
) -> None:
    image = send(client).json()["id"]
    ask(client, image)
    work_off()
    ask(client, image, 10)  # this unfinished task uses the only concurrent place
    allow(tasks_per_month=3, concurrent_tasks=1, storage_mb=1)
    Usage.objects.update(bytes_stored=2 * MB)
    answer = ask(client, image)
    assert (answer.status_code, answer.json()["status"]) == (201, "SUCCESS")
    assert refused(ask(client, image), 403, "quota_exceeded")["quota"] == "tasks_this_month"


def test_tasks_over_the_concurrent_quota_are_refused(
    client: APIClient, allow: Any, nothing_left: Any, work_off: Callable[[], None]
) -> None:
    image = send(client).json()["id"]
    allow(concurrent_tasks=2)
    ask(client, image, 1)
    second = ask(client, image, 2).json()["id"]
    with nothing_left():
        body = refused(ask(client, image, 3), 403, "quota_exceeded")
    assert (body["quota"], body["limit"], body["actual"]) == ("concurrent_tasks", 2, 3)
    client.post(f"/api/v1/tasks/{second}/cancel/")
    assert ask(client, image, 3).status_code == 201
    work_off()
    assert ask(client, image, 4).status_code == 201


def test_a_refused_task_is_not_counted(client: APIClient, allow: Any) -> None:
    image = send(client).json()["id"]
    allow(concurrent_tasks=1)
    ask(client, image, 1)
    refused(ask(client, image, 2), 403, "quota_exceeded")
    assert Usage.objects.get().tasks == 1


def test_a_retry_counts_as_concurrent_but_not_as_a_new_task(client: APIClient, allow: Any) -> None:
    image = send(client).json()["id"]
    allow(concurrent_tasks=1, tasks_per_month=2)
    first = ask(client, image, 1).json()["id"]
    client.post(f"/api/v1/tasks/{first}/cancel/")
    second = ask(client, image, 2).json()["id"]
    answer = client.post(f"/api/v1/tasks/{first}/retry/")
    assert refused(answer, 403, "quota_exceeded")["quota"] == "concurrent_tasks"
    assert client.get(f"/api/v1/tasks/{first}/").json()["status"] == "CANCELLED"
    client.post(f"/api/v1/tasks/{second}/cancel/")
    assert client.post(f"/api/v1/tasks/{first}/retry/").status_code == 200
    assert Usage.objects.get().tasks == 2


def test_a_task_that_cannot_be_retried_is_409_and_not_over_the_quota(
    client: APIClient, allow: Any
) -> None:
    image = send(client).json()["id"]
    allow(concurrent_tasks=1)
    task = ask(client, image).json()["id"]
    refused(client.post(f"/api/v1/tasks/{task}/retry/"), 409, "task_state_conflict")


def test_a_quota_of_0_is_unlimited_and_none_means_the_default(
    client: APIClient, allow: Any, settings: Any
) -> None:
    settings.QUOTA_TASKS_PER_MONTH = 1
    settings.QUOTA_CONCURRENT_TASKS = 0
    settings.QUOTA_STORAGE_MB = 0
    image = send(client).json()["id"]
    allow(tasks_per_month=0)
    assert [ask(client, image, width).status_code for width in (1, 2, 3)] == [201] * 3
    allow(tasks_per_month=None)
    refused(ask(client, image, 4), 403, "quota_exceeded")


def test_each_user_has_separate_quotas(
    client: APIClient, allow: Any, client_of: Any, make_user: Any
) -> None:
    allow(tasks_per_month=1)
    image = send(client).json()["id"]
    ask(client, image)
    refused(ask(client, image), 403, "quota_exceeded")
    other = client_of(make_user())
    assert ask(other, send(other).json()["id"]).status_code == 201


def test_operators_have_quotas(client_of: Any, make_user: Any, settings: Any) -> None:
    settings.QUOTA_TASKS_PER_MONTH = 1
    operator = client_of(make_user(is_staff=True, is_superuser=True))
    image = send(operator).json()["id"]
    ask(operator, image)
    refused(ask(operator, image), 403, "quota_exceeded")


@pytest.mark.parametrize("requests", [30, pytest.param(100, marks=pytest.mark.long)])
@pytest.mark.parametrize(
    ("limits", "name"),
    [({"tasks_per_month": 10}, "tasks_this_month"), ({"concurrent_tasks": 10}, "concurrent_tasks")],
    ids=str,
)
def test_exactly_10_of_many_simultaneous_tasks_are_accepted(
    transactional_db: None,
    make_user: Any,
    client_of: Any,
    at_once: Any,
    limits: dict[str, int],
    name: str,
    requests: int,
) -> None:
    user = make_user()
    client = client_of(user)
    image = send(client).json()["id"]
    Quota.objects.create(owner=user, **limits)
    answers = at_once(requests, lambda number: ask(client_of(user), image, 10 + number))
    refusals = [answer for answer in answers if answer.status_code != 201]
    assert len(answers) - len(refusals) == 10
    for answer in refusals:
        body = refused(answer, 403, "quota_exceeded")
        assert (body["quota"], body["limit"], body["actual"]) == (name, 10, 11)
    assert TransformationTask.objects.count() == 10
    assert Usage.objects.get().tasks == 10


def test_simultaneous_uploads_do_not_exceed_the_storage_quota(
    transactional_db: None, make_user: Any, client_of: Any, at_once: Any
) -> None:
    user = make_user()
    files = [pictures.encoded(pictures.noise(8, 8, seed=n), "BMP") for n in range(40)]
    room = 10 * len(files[0])
    before = len(media_files())
    Quota.objects.create(owner=user, storage_mb=1)
    Usage.objects.create(owner=user, month=date(2000, 1, 1), bytes_stored=MB - room)
    answers = at_once(40, lambda number: send(client_of(user), files[number]))
    assert sorted(answer.status_code for answer in answers) == [201] * 10 + [403] * 30
    assert SourceImage.objects.count() == StoredObject.objects.count() == 10
    removal.sweep()
    assert len(media_files()) - before == 10
    stored = sum(row.size_bytes for row in StoredObject.objects.all())
    assert Usage.objects.get().bytes_stored == MB - room + stored


def test_images_of_one_file_have_a_quota_of_their_own(
    client: APIClient, allow: Any, nothing_left: Any
) -> None:
    allow(images=2)
    for _ in range(2):
        assert send(client).status_code == 201
    with nothing_left():
        body = refused(send(client), 403, "quota_exceeded")
    assert (body["quota"], body["limit"], body["actual"]) == ("images", 2, 3)
    assert "2 are allowed" in body["detail"]
    assert client.get("/api/v1/usage/").json()["images"] == {"used": 2, "limit": 2}
    client.delete(f"/api/v1/images/{SourceImage.objects.earliest('pk').pk}/")
    assert send(client).status_code == 201


def test_texts_count_as_stored_bytes(client: APIClient, allow: Any, nothing_left: Any) -> None:
    image = f"/api/v1/images/{send(client).json()['id']}/"
    allow(storage_mb=1)
    Usage.objects.update(bytes_stored=MB - 10)
    with nothing_left():
        body = refused(client.patch(image, {"description": "11 letters."}), 403, "quota_exceeded")
        assert (body["quota"], body["limit"], body["actual"]) == ("bytes_stored", MB, MB + 1)
        form = {"file": SimpleUploadedFile("a.jpg", pictures.jpeg()), "description": "11 letters."}
        answer = client.post("/api/v1/images/upload/", form, format="multipart")
        assert refused(answer, 403, "quota_exceeded")["actual"] == MB + 1
    assert client.patch(image, {"description": "10 letters"}).status_code == 200
    assert client.get("/api/v1/usage/").json()["bytes_stored"]["used"] == MB
    client.delete(image)
    assert client.get("/api/v1/usage/").json()["images"]["used"] == 0


def test_an_import_counts_as_an_image(client: APIClient, allow: Any, user: Any) -> None:
    allow(images=1)
    with transaction.atomic():
        imports.create(user.pk, url="https://example.com/a.jpg")
    body = refused(send(client), 403, "quota_exceeded")
    assert body["quota"] == "images"
    with pytest.raises(QuotaExceeded), transaction.atomic():
        imports.create(user.pk, url="https://example.com/a.jpg")
    assert SourceImage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_uploads_stay_within_the_quota_of_images(
    client_of: Any, user: Any, allow: Any, at_once: Any
) -> None:
    allow(images=3)
    send(client_of(user), pictures.jpeg(seed=0))
    answers = at_once(8, lambda n: send(client_of(user), pictures.jpeg(seed=n % 2)))
    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [403] * 6
    assert SourceImage.objects.count() == Usage.objects.get().images == 3

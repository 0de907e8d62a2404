"""Simultaneous changes and deletes of one object."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from rest_framework.test import APIClient

from image_processor.models import SourceImage, StoredObject, TransformationTask, TransformedImage
from tests.api.locks import until_waiting
from tests.api.problems import refused


@pytest.mark.django_db(transaction=True)
def test_one_of_many_changes_to_one_version_succeeds(
    client: APIClient, image: dict[str, Any], user: Any, client_of: Any
) -> None:
    """All requests wait for the row, which this test has locked."""
    path = f"/api/v1/images/{image['id']}/"
    etag = client.get(path)["ETag"]

    def change(number: int) -> int:
        try:
            body = {"description": f"{number}"}
            return client_of(user).patch(path, body, HTTP_IF_MATCH=etag).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        with transaction.atomic():
            SourceImage.objects.select_for_update().get(pk=image["id"])
            answers = [pool.submit(change, number) for number in range(6)]
            until_waiting(6)
        assert sorted(answer.result() for answer in answers) == [200] + [412] * 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["task", "result"])
def test_a_delete_that_waits_for_a_change_is_stale(
    client: APIClient, details: list[str], kind: str, user: Any, client_of: Any
) -> None:
    """The delete reads an unchanged version, then waits for a change of the row."""
    path = details[{"task": 1, "result": 2}[kind]]
    model = {"task": TransformationTask, "result": TransformedImage}[kind]
    etag = client.get(path)["ETag"]

    def delete() -> Any:
        try:
            return client_of(user).delete(path, HTTP_IF_MATCH=etag)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert model.objects.update(updated_at=Now()) == 1
            answer = pool.submit(delete)
            until_waiting(1)
        refused(answer.result(), 412, "precondition_failed")
    assert client.delete(path, HTTP_IF_MATCH=client.get(path)["ETag"]).status_code == 204


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["image", "task", "result"])
def test_one_of_many_simultaneous_deletes_succeeds(
    client: APIClient, details: list[str], kind: str, user: Any, client_of: Any
) -> None:
    """All requests have read the object and wait for the image, which this test has locked."""
    path = details[["image", "task", "result"].index(kind)]
    etag = client.get(path)["ETag"]

    def delete(number: int) -> int:
        try:
            condition = {"HTTP_IF_MATCH": etag} if number % 2 else {}
            return client_of(user).delete(path, **condition).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        with transaction.atomic():
            SourceImage.objects.select_for_update().get()
            answers = [pool.submit(delete, number) for number in range(6)]
            until_waiting(6)
        assert sorted(answer.result() for answer in answers) == [204] + [404] * 5


@pytest.mark.django_db(transaction=True)
def test_simultaneous_deletes_of_a_task_and_its_result_do_not_deadlock(
    client: APIClient, details: list[str], user: Any, client_of: Any
) -> None:
    """Each request holds its first lock when this test releases the stored object."""

    def delete(path: str) -> int:
        try:
            return client_of(user).delete(path).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            StoredObject.objects.select_for_update().get(results__isnull=False)
            answers = [pool.submit(delete, details[2])]
            until_waiting(1)  # for the stored object, its last lock but one
            answers.append(pool.submit(delete, details[1]))
            until_waiting(2)
        assert [answer.result() for answer in answers] == [204, 204]
    assert not TransformationTask.objects.exists()
    assert not TransformedImage.objects.exists()

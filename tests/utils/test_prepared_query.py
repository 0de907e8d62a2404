"""A prepared query returns what its queryset returns, and is translated to SQL once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from rest_framework.test import APIClient

from accounts.access import sessions
from accounts.access.tokens import mint
from image_processor.library import selectors
from image_processor.models import SourceImage
from tests.builders import pictures
from utils.prepared_query import PreparedQuery


def build(owner_id: int, pk: int) -> QuerySet[SourceImage]:
    return selectors.images_of(owner_id).filter(pk=pk)


@pytest.fixture
def images(client: APIClient, upload: Callable[..., dict[str, Any]]) -> list[SourceImage]:
    uploads = [upload(client, pictures.jpeg(size, 9)) for size in (8, 9)]
    return [SourceImage.objects.get(pk=each["id"]) for each in uploads]


@pytest.fixture
def translations(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The compilers that have translated a query."""
    found: list[object] = []
    translate = SQLCompiler.as_sql

    def record(compiler: SQLCompiler, *args: Any, **kwargs: Any) -> Any:
        found.append(compiler.query)
        return translate(compiler, *args, **kwargs)

    monkeypatch.setattr(SQLCompiler, "as_sql", record)
    return found


def all_values(image: SourceImage | None) -> list[object]:
    """The columns of an image and of its related rows."""
    assert image is not None
    rows = [image, image.stored_object, image.stored_object.thumbnail]  # type: ignore[union-attr]
    values = [{} if row is None else dict(vars(row)) for row in rows]
    for row in values:
        row.pop("_state", None)
        row.pop("stored_object", None)
    return list(values)


def test_the_rows_are_those_of_the_queryset(
    images: list[SourceImage], django_assert_num_queries: Any
) -> None:
    prepared = PreparedQuery(build, [-1, -2])
    for image in images:
        with django_assert_num_queries(1):
            found = all_values(prepared.first(image.owner_id, image.pk))
        assert found == all_values(build(image.owner_id, image.pk).first())
    assert prepared.first(images[0].owner_id + 1, images[0].pk) is None


def test_only_the_first_call_translates(
    images: list[SourceImage], translations: list[object]
) -> None:
    prepared = PreparedQuery(build, [-1, -2])
    prepared.first(images[0].owner_id, images[0].pk)
    translations.clear()
    assert prepared.first(images[1].owner_id, images[1].pk) == images[1]
    assert translations == []


def test_an_argument_that_the_statement_lacks_is_refused(db: None) -> None:
    prepared = PreparedQuery(lambda owner_id, pk: selectors.images_of(owner_id), [-1, -2])
    with pytest.raises(ValueError, match="-2 is no parameter of SELECT"):
        prepared.rows(1, 2)


def test_one_object_costs_no_translation(
    user: Any, images: list[SourceImage], translations: list[object]
) -> None:
    """Neither for the session nor for the object."""
    client = APIClient()
    token = mint(sessions.start(user)).access
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    first, second = (f"/api/v1/images/{image.pk}/" for image in images)
    assert client.get(first).status_code == 200
    translations.clear()
    assert client.get(second).json()["id"] == images[1].pk
    assert translations == []

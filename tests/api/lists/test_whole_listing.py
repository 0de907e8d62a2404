"""Lists without filters: prepared pages hold the rows of the queryset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from api.lists.listing import Listing
from api.lists.order import NEWEST_FIRST
from api.lists.whole_listing import WholeListing
from image_processor.library import selectors
from image_processor.models import SourceImage
from tests.api.objects import objects_of
from tests.builders import pictures


@pytest.fixture
def images(client: APIClient, upload: Callable[..., dict[str, Any]]) -> list[SourceImage]:
    made = [upload(client, pictures.jpeg(size, 9))["id"] for size in range(8, 13)]
    return [SourceImage.objects.get(pk=pk) for pk in reversed(made)]


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("count", [1, 3, 100])
def test_a_page_holds_the_rows_of_the_queryset(
    images: list[SourceImage], back: bool, count: int
) -> None:
    owner_id = images[0].owner_id
    whole = WholeListing(owned_by=selectors.images_of, owner_id=owner_id)
    plain = Listing(selectors.images_of(owner_id))
    for key in (None, *map(NEWEST_FIRST.key_of, images)):
        assert whole.page(key, count, back=back) == plain.page(key, count, back=back)
    assert whole.page(None, 100) == images


def test_a_page_holds_rows_of_its_owner_only(images: list[SourceImage]) -> None:
    other = images[0].owner_id + 1
    listing = WholeListing(owned_by=selectors.images_of, owner_id=other)
    for key in (None, NEWEST_FIRST.key_of(images[0])):
        assert listing.page(key, 100) == []


@pytest.mark.parametrize(
    "owned_by",
    [selectors.tasks_of, selectors.results_of, selectors.batches_of, selectors.presets_of],
)
def test_other_lists(client: APIClient, user: Any, owned_by: Callable[[int], Any]) -> None:
    objects_of(client)
    expected = list(owned_by(user.pk).order_by(*NEWEST_FIRST.names()))
    assert expected
    assert WholeListing(owned_by=owned_by, owner_id=user.pk).page(None, 100) == expected

"""Lists are walked through page by page."""

from __future__ import annotations

from itertools import islice

from image_processing_client import Client
from tests.client import answers
from tests.client.faulty import Faulty, ok


def test_pages_are_fetched_as_needed_and_from_the_address_given(
    network: Faulty, client: Client
) -> None:
    first = [answers.image(pk) for pk in (5, 4)]
    network.answers(
        ok({"next": "https://elsewhere.example/api/v1/images/?cursor=a%3D", "results": first}),
        ok({"next": None, "results": [answers.image(3)]}),
    )
    images = client.images.list()
    assert network.seen == []
    assert [image.id for image in islice(images, 2)] == [5, 4]
    assert len(network.seen) == 1
    assert [image.id for image in images] == [3]
    assert [seen.path for seen in network.seen] == [
        "/api/v1/images/?page_size=100",
        "/api/v1/images/?cursor=a%3D",
    ]


def test_filters_of_tasks(network: Faulty, client: Client) -> None:
    network.answers(ok({"next": None, "results": [answers.task()]}))
    [task] = client.tasks.list(status="SUCCESS", original_image=7)
    assert task.is_finished
    assert "status=SUCCESS&original_image=7" in network.seen[0].path

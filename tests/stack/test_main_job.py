"""A photograph passes through every real part of the service."""

from __future__ import annotations

import httpx
import pytest

from tests.builders import pictures
from tests.stack.service import Service, upload, wait_for_task

pytestmark = pytest.mark.stack

# The example of the architecture document.
REQUEST = {
    "format": "jpeg",
    "transformations": [
        {"operation": "resize", "params": {"width": 800, "height": 600}},
        {"operation": "apply_filter", "params": {"grayscale": True}},
    ],
}


def test_a_12_megapixel_photograph_comes_back_small_and_gray(
    service: Service, client: httpx.Client
) -> None:
    image = upload(client, pictures.jpeg(4000, 3000, quality=90))
    answer = client.post(f"/images/{image}/transform/", json=REQUEST)
    assert answer.status_code == 201
    created = answer.json()
    assert created["original_image"] == image
    assert created["status"] == "PENDING"
    assert created["result_image"] is None

    done = wait_for_task(client, created["id"])
    assert done["status"] == "SUCCESS", done
    assert done["progress"] == 1
    assert done["attempts"] == 1

    result = httpx.get(done["result_url"])
    assert result.status_code == 200
    picture = pictures.opened(result.content)
    assert (picture.format, picture.size, picture.mode) == ("JPEG", (800, 600), "L")
    download = client.get(f"/images/transformed/{done['result_image']}/download/")
    assert download.content == result.content
    assert 'attachment; filename="photo-800x600.jpg"' in download.headers["Content-Disposition"]


def test_the_address_without_a_version_is_the_same(service: Service, client: httpx.Client) -> None:
    image = upload(client, pictures.jpeg())
    for path in (f"/api/images/{image}/", f"/api/v1/images/{image}", f"/api/images/{image}"):
        assert client.get(f"{service.url}{path}").json()["id"] == image


def test_waiting_returns_as_soon_as_the_task_has_ended(
    service: Service, client: httpx.Client
) -> None:
    image = upload(client, pictures.jpeg(seed=8))
    created = client.post(f"/images/{image}/transform/", json=REQUEST).json()
    shown = client.get(f"/tasks/{created['id']}/", params={"wait": 60}).json()
    assert shown["status"] == "SUCCESS"

"""An equal request reuses the stored result of its owner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PIL import Image
from rest_framework.test import APIClient

from image_processor import tasks
from image_processor.models import StoredObject, TransformedImage
from image_processor.storage import object_storage
from tests.builders import pictures
from tests.engine.builders import step


def test_an_equal_request_reuses_the_result(
    client: APIClient, request_transform: Callable[..., Any], work_off: Callable[[], None]
) -> None:
    first = request_transform(step("resize", width=20), format="jpeg").json()
    work_off()
    objects = StoredObject.objects.count()
    # This request means the same: it states defaults and writes the format differently.
    again = request_transform(step("resize", width=20, fit="fill"), format="JPG", mode="async")
    assert again.status_code == 201
    second = again.json()
    assert second["status"] == "SUCCESS"
    assert second["progress"] == 1
    assert second["finished_at"]
    assert second["id"] != first["id"]
    first = client.get(f"/api/v1/tasks/{first['id']}/").json()
    assert second["result_image"] not in (None, first["result_image"])
    assert StoredObject.objects.count() == objects
    other = request_transform(step("resize", width=21), format="jpeg").json()
    assert other["status"] == "PENDING"


def test_results_of_another_user_are_not_reused(
    client: APIClient,
    request_transform: Callable[..., Any],
    work_off: Callable[[], None],
    client_of: Any,
    make_user: Any,
    upload: Callable[..., dict[str, Any]],
) -> None:
    request_transform(step("flip"))
    work_off()
    other = client_of(make_user())
    theirs = upload(other, pictures.jpeg(64, 48))
    answer = other.post(
        f"/api/v1/images/{theirs['id']}/transform/", {"transformations": [step("flip")]}
    )
    assert answer.json()["status"] == "PENDING"


def test_a_moved_focal_point_makes_another_result(
    client: APIClient, upload: Callable[..., dict[str, Any]]
) -> None:
    """A crop at the focal point does not reuse the result of an earlier focal point."""
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

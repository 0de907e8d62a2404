"""A watermark made of another image of the user."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image
from rest_framework.test import APIClient

from image_processor.models import SourceImage, TransformationTask
from tests.api.problems import refused
from tests.builders import pictures

POINTER = "/transformations/1/params/image_id"
NOBODYS = 987_654_321


@pytest.fixture
def photo(client: APIClient, upload: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """A black image of 120 x 80 pixels."""
    return upload(client, pictures.encoded(Image.new("RGB", (120, 80)), "PNG"))


@pytest.fixture
def logo(client: APIClient, upload: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """A red square on a transparent image."""
    image = Image.new("RGBA", (20, 20))
    image.paste((255, 0, 0, 255), (5, 5, 15, 15))
    return upload(client, pictures.encoded(image, "PNG"))


def ask(client: APIClient, photo: dict[str, Any], image_id: Any, **params: Any) -> Any:
    mark = {"image_id": image_id, "opacity": 1, "size": 50, "position": "center", **params}
    steps = [{"operation": "mirror"}, {"operation": "watermark", "params": mark}]
    body = {"transformations": steps, "format": "png"}
    return client.post(f"/api/v1/images/{photo['id']}/transform/", body)


def end(client: APIClient, task: dict[str, Any]) -> dict[str, Any]:
    return client.get(f"/api/v1/tasks/{task['id']}/").json()


def test_the_watermark_covers_the_image(
    client: APIClient, photo: dict[str, Any], logo: dict[str, Any], work_off: Callable[[], None]
) -> None:
    answer = ask(client, photo, logo["id"])
    assert answer.status_code == 201, answer.content
    work_off()
    done = end(client, answer.json())
    assert (done["status"], done["error_code"]) == ("SUCCESS", None)
    assert done["transformations"][1]["params"]["image_id"] == logo["id"]
    fetched = APIClient().get(done["result_url"])
    picture = pictures.opened(b"".join(fetched.streaming_content)).convert("RGB")
    assert picture.getpixel((60, 40)) == (255, 0, 0)
    assert picture.getpixel((60, 16)) == (0, 0, 0)
    assert picture.getpixel((5, 40)) == (0, 0, 0)
    assert ask(client, photo, logo["id"]).json()["status"] == "SUCCESS"


def test_a_watermark_of_another_user_is_reported_as_unknown(
    client: APIClient,
    photo: dict[str, Any],
    client_of: Callable[[Any], APIClient],
    make_user: Callable[..., Any],
    upload: Callable[..., dict[str, Any]],
) -> None:
    foreign = upload(client_of(make_user()), pictures.jpeg())["id"]
    bodies = []
    for pk in (foreign, NOBODYS, 2**53 - 1):
        body = refused(ask(client, photo, pk), 404, "unknown_image")
        (problem,) = body["errors"]
        assert (problem["pointer"], problem["code"]) == (POINTER, "unknown_image")
        assert problem.pop("actual") == pk
        body.pop("request_id")
        bodies.append(str(body).replace(f"image {pk}.", "image ID."))
    assert bodies[0] == bodies[1] == bodies[2]
    assert not TransformationTask.objects.exists()


def test_every_unknown_watermark_is_reported(client: APIClient, photo: dict[str, Any]) -> None:
    steps = [{"operation": "watermark", "params": {"image_id": pk}} for pk in (NOBODYS, 5_000_000)]
    answer = client.post(f"/api/v1/images/{photo['id']}/transform/", {"transformations": steps})
    body = refused(answer, 404, "unknown_image")
    assert [problem["actual"] for problem in body["errors"]] == [NOBODYS, 5_000_000]


def test_an_image_can_be_its_own_watermark(
    client: APIClient, photo: dict[str, Any], work_off: Callable[[], None]
) -> None:
    task = ask(client, photo, photo["id"]).json()
    work_off()
    assert end(client, task)["status"] == "SUCCESS"


def test_a_watermark_that_is_deleted_before_the_task_runs_fails_the_task(
    client: APIClient, photo: dict[str, Any], logo: dict[str, Any], work_off: Callable[[], None]
) -> None:
    task = ask(client, photo, logo["id"]).json()
    assert client.delete(f"/api/v1/images/{logo['id']}/").status_code == 204
    work_off()
    failed = end(client, task)
    assert (failed["status"], failed["error_code"]) == ("FAILED", "overlay_missing")
    assert str(logo["id"]) in failed["error_message"]
    assert failed["attempts"] == 1


@pytest.mark.parametrize("change", ["gone", "other"])
def test_a_missing_or_changed_watermark_file_fails_the_task(
    client: APIClient,
    photo: dict[str, Any],
    logo: dict[str, Any],
    work_off: Callable[[], None],
    change: str,
) -> None:
    task = ask(client, photo, logo["id"]).json()
    path = Path(default_storage.path(SourceImage.objects.get(pk=logo["id"]).stored_object.key))
    if change == "gone":
        path.unlink()
    else:
        path.write_bytes(pictures.encoded(Image.new("RGB", (20, 20), "lime"), "PNG"))
    work_off()
    failed = end(client, task)
    assert (failed["status"], failed["error_code"]) == ("FAILED", "overlay_missing")


def test_the_fingerprint_contains_the_watermark(
    client: APIClient,
    photo: dict[str, Any],
    logo: dict[str, Any],
    upload: Callable[..., dict[str, Any]],
) -> None:
    other = upload(client, pictures.jpeg(seed=5))
    ask(client, photo, logo["id"])
    ask(client, photo, other["id"])
    rows = TransformationTask.objects.order_by("pk")
    assert len({row.fingerprint for row in rows}) == 2
    digests = [
        SourceImage.objects.get(pk=pk).metadata["sha256"] for pk in (logo["id"], other["id"])
    ]
    assert [list(row.pipeline["overlays"].values()) for row in rows] == [[d] for d in digests]


def test_the_plan_includes_the_memory_of_the_watermark(
    client: APIClient, photo: dict[str, Any], upload: Callable[..., dict[str, Any]]
) -> None:
    """The large image alone fits into the memory limit, and the small one fits twice."""
    large = upload(client, pictures.encoded(Image.new("LA", (7000, 7000)), "PNG", compress_level=1))
    assert ask(client, photo, photo["id"]).status_code == 201
    body = refused(ask(client, large, large["id"], position="tile"), 422, "too_much_memory")
    assert body["actual"] > body["limit"]

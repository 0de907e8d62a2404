"""Names of results: the source's stem and the size, unique among the results of one image."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from image_processor import tasks
from image_processor.jobs import runner
from image_processor.models import SourceImage, TransformedImage
from tests.api.locks import until_waiting
from tests.builders import rows
from tests.threads import await_end


def names() -> list[str]:
    return list(TransformedImage.objects.order_by("pk").values_list("file_name", flat=True))


def render(image: SourceImage, **request: Any) -> None:
    task = rows.submitted(image, transformations=rows.RESIZE, **request)
    tasks.work(task.queue)


def test_results_of_one_size_and_format_are_numbered(user: Any) -> None:
    image = rows.image(user)
    for quality in (50, 60, 70):
        render(image, format="jpeg", quality=quality)
    render(image, format="webp")
    assert names() == [
        "photo-16x16.jpg",
        "photo-16x16-2.jpg",
        "photo-16x16-3.jpg",
        "photo-16x16.webp",
    ]


def test_a_free_name_is_used_again(user: Any) -> None:
    image = rows.image(user)
    render(image, format="png")
    render(image, format="jpeg")
    TransformedImage.objects.filter(file_name="photo-16x16.png").delete()
    render(image, format="png", lossless=True)
    assert names() == ["photo-16x16.jpg", "photo-16x16.png"]


def test_results_that_are_stored_already_are_numbered_too(user: Any) -> None:
    image = rows.image(user)
    render(image, format="png")
    rows.submitted(image, transformations=rows.RESIZE, format="png")
    rows.batch(image, transformations=rows.RESIZE, format="png")
    assert names() == ["photo-16x16.png", "photo-16x16-2.png", "photo-16x16-3.png"]


def test_names_differ_in_more_than_case(user: Any) -> None:
    image = rows.image(user)
    render(image, format="png")
    SourceImage.objects.filter(pk=image.pk).update(file_name="PHOTO.jpg")
    render(SourceImage.objects.get(pk=image.pk), format="png", lossless=True)
    assert names() == ["photo-16x16.png", "PHOTO-16x16-2.png"]


def test_a_long_name_keeps_size_and_extension(user: Any) -> None:
    image = rows.image(user)
    SourceImage.objects.filter(pk=image.pk).update(file_name="x" * 251 + ".jpg")
    render(SourceImage.objects.get(pk=image.pk), format="webp")
    (name,) = names()
    assert name.startswith("xxx")
    assert name.endswith("x-16x16.webp")
    assert len(name) <= 255


def test_results_that_end_at_the_same_moment_get_different_names(
    transactional_db: None, make_user: Callable[..., Any]
) -> None:
    image = rows.image(make_user())
    for quality in (50, 60):
        rows.submitted(image, transformations=rows.RESIZE, format="jpeg", quality=quality)

    def finish_second() -> None:
        runner.run_next("light")
        connection.close()

    thread = threading.Thread(target=finish_second, name="second task")
    with transaction.atomic():
        runner.run_next("light")
        assert names() == ["photo-16x16.jpg"]
        thread.start()
        until_waiting(1)
    await_end(thread)
    assert names() == ["photo-16x16.jpg", "photo-16x16-2.jpg"]

"""The proxy: previews use it, tasks never do."""

from __future__ import annotations

from typing import Any

import pytest

from image_processor import tasks
from image_processor.models import SourceImage, StoredObject, TransformationTask
from image_processor.storage import object_storage
from image_processor.transform import (
    preview_plans,
)
from tests.api.views.pipelines.previews.preview_requests import FLIP, step
from tests.builders import pictures, rows


@pytest.fixture
def large(user: Any) -> SourceImage:
    """An image with its proxy and its other derived pictures."""
    image = rows.image(user, pictures.jpeg(2600, 1300))
    tasks.work("derive")
    return SourceImage.objects.select_related("stored_object__proxy").get(pk=image.pk)


def source_of(image: SourceImage, **request: Any) -> str:
    return str(preview_plans.plan_preview(image, **request).message["source"]["key"])


def test_the_proxy_is_used_if_it_has_enough_pixels(large: SourceImage, settings: Any) -> None:
    proxy = large.stored_object.proxy
    assert proxy is not None
    assert source_of(large, **FLIP) == proxy.key
    part = step("crop", width=500, height=500)
    assert source_of(large, **part) == large.stored_object.key
    settings.IMAGE_PROXY = False
    assert source_of(large, **FLIP) == large.stored_object.key


def test_a_preview_from_the_proxy_has_another_etag(large: SourceImage, settings: Any) -> None:
    etag = preview_plans.plan_preview(large, **FLIP).etag
    settings.IMAGE_PROXY = False
    assert preview_plans.plan_preview(large, **FLIP).etag != etag


def test_tasks_never_use_the_proxy(large: SourceImage, settings: Any) -> None:
    """The result has the same bytes with a proxy, with proxies disabled, and without a proxy."""
    digests = set()
    for has_proxy, on in ((True, True), (True, False), (False, True)):
        settings.IMAGE_PROXY = on
        if not has_proxy:
            StoredObject.objects.filter(pk=large.stored_object_id).update(proxy=None)
        task = rows.task(large, [{"operation": "resize", "params": {"width": 300}}])
        tasks.work(task.queue)
        done = TransformationTask.objects.select_related("result_image__stored_object").get(
            pk=task.pk
        )
        data = object_storage().get(done.result_image.stored_object.key)
        digests.add(data)
        done.delete()
        StoredObject.objects.filter(key__startswith="images/results/").delete()
    assert len(digests) == 1

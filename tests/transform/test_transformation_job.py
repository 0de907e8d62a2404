"""Running a task: what ends how, and what is published."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.storage import default_storage
from django.db.models.functions import Now

from image_processor import tasks
from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import lease, runner, transitions
from image_processor.jobs.claim import claim
from image_processor.jobs.lease import Lease
from image_processor.jobs.model import MAX_ATTEMPTS, Status
from image_processor.jobs.queues import QUEUES, Queue
from image_processor.library import images, removal, stored_objects
from image_processor.models import (
    SourceImage,
    StoredObject,
    TransformationTask,
    TransformedImage,
    UnclaimedObject,
)
from image_processor.transform import transformation_job
from image_processor.transform.transformation_job import TransformationJobType
from outbox.models import Event
from tests.builders import pictures, rows


@pytest.fixture
def claimed(user: Any) -> TransformationTask:
    rows.task(rows.image(user))
    job = claim(TransformationTask, "light", release=ENGINE_RELEASE)
    assert job is not None
    return job


def run(task: TransformationTask) -> None:
    runner.run(TransformationJobType(), task)


def row() -> TransformationTask:
    return TransformationTask.objects.get()


def events() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_success_publishes_one_result_and_one_event(claimed: TransformationTask) -> None:
    run(claimed)
    assert row().status == Status.SUCCESS
    result = TransformedImage.objects.get()
    assert result.file_name == "photo-16x16.png"
    assert (result.metadata["width"], result.metadata["height"]) == (16, 16)
    assert result.metadata["size_bytes"] == result.stored_object.size_bytes
    assert events() == ["image.uploaded", "task.succeeded"]
    assert not UnclaimedObject.objects.exists()


def test_another_s_image_is_not_laid_over_the_picture(
    user: Any, make_user: Callable[..., Any]
) -> None:
    """Whoever asks is checked when asking; the worker does not rely on that."""
    overlay = rows.image(user, pictures.jpeg(seed=5))
    mark = {"operation": "watermark", "params": {"image_id": overlay.pk}}
    task = rows.task(rows.image(user), [mark])
    SourceImage.objects.filter(pk=overlay.pk).update(owner=make_user())
    job = claim(TransformationTask, task.queue, release=ENGINE_RELEASE)
    assert job is not None
    run(job)
    assert (row().status, row().error_code) == (Status.FAILED, "overlay_missing")
    assert not TransformedImage.objects.exists()


def test_a_late_worker_publishes_nothing(claimed: TransformationTask) -> None:
    """Its lease was taken over while it rendered: the other one's result stays the only one."""
    second = claim_over(claimed)
    run(second)
    run(claimed)
    assert TransformedImage.objects.count() == 1
    assert events().count("task.succeeded") == 1
    assert row().status == Status.SUCCESS


def claim_over(job: TransformationTask) -> TransformationTask:
    token = uuid.uuid4()
    TransformationTask.objects.filter(pk=job.pk).update(lease_token=token, attempts=2)
    return TransformationTask.objects.get(pk=job.pk)


def test_a_worker_that_loses_its_lease_after_storing_publishes_nothing(
    claimed: TransformationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = stored_objects.write_all

    def write_then_lose(*args: Any) -> None:
        write(*args)
        TransformationTask.objects.update(lease_token=uuid.uuid4())

    monkeypatch.setattr(transformation_job.stored_objects, "write_all", write_then_lose)
    run(claimed)
    assert not TransformedImage.objects.exists()
    assert row().status == Status.IN_PROGRESS
    orphan = UnclaimedObject.objects.get()
    assert default_storage.exists(orphan.key)
    assert not StoredObject.objects.filter(key=orphan.key).exists()
    # Nobody will ever claim it, so it goes now, not when a write would be overdue.
    assert removal.sweep() == 1
    assert not default_storage.exists(orphan.key)


def test_an_image_that_is_deleted_after_storing_leaves_no_result(
    claimed: TransformationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = stored_objects.write_all

    def write_then_delete(*args: Any) -> None:
        write(*args)
        images.delete(claimed.original_image)

    monkeypatch.setattr(transformation_job.stored_objects, "write_all", write_then_delete)
    run(claimed)
    assert not TransformationTask.objects.exists()
    assert not StoredObject.objects.exists()
    # The source and the result, both at once.
    assert removal.sweep() == 2


def test_an_equal_task_is_not_rendered_again(user: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    image = rows.image(user)
    rows.task(image)
    rows.task(image)
    render, rendered = transformation_job.render, []

    def counting(*args: Any, **kwargs: Any) -> Any:
        rendered.append(1)
        return render(*args, **kwargs)

    monkeypatch.setattr(transformation_job, "render", counting)
    for _ in range(2):
        tasks.work("light")
    assert TransformedImage.objects.count() == 2
    assert len(rendered) == 1


def test_the_task_and_its_object_keep_the_warnings_of_the_work(
    claimed: TransformationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    render, warning = transformation_job.render, {"code": "enlarged", "detail": "It was enlarged."}

    def warning_too(*args: Any, **kwargs: Any) -> Any:
        return replace(render(*args, **kwargs), warnings=[warning])

    monkeypatch.setattr(transformation_job, "render", warning_too)
    run(claimed)
    assert row().warnings == [warning]
    assert TransformedImage.objects.get().stored_object.warnings == [warning]
    # An equal one that is answered from the stored object says the same.
    assert rows.task(claimed.original_image).warnings == [warning]


def test_cancelling_takes_effect_at_the_next_step(
    claimed: TransformationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint, seen = Lease.checkpoint, []

    def cancel_at_the_second(self: Lease, progress: float) -> None:
        seen.append(progress)
        if len(seen) == 2:
            transitions.cancel(TransformationTask.objects.all())
        checkpoint(self, progress)

    monkeypatch.setattr(Lease, "checkpoint", cancel_at_the_second)
    monkeypatch.setattr(lease, "CHECK_SECONDS", 0)
    run(claimed)
    assert len(seen) == 2
    assert row().status == Status.CANCELLED
    assert not TransformedImage.objects.exists()


def test_work_that_takes_too_long_ends_itself(
    claimed: TransformationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(QUEUES, "light", Queue("light", soft_limit=0, hard_limit=75))
    run(claimed)
    failed = row()
    assert (failed.status, failed.error_code) == (Status.FAILED, "took_too_long")
    assert failed.error_message == "The work took longer than 0 seconds."
    assert not TransformedImage.objects.exists()
    assert events()[-1] == "task.failed"


def test_work_that_is_interrupted_is_not_tried_again(
    claimed: TransformationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by the pool, when the work has not ended itself."""

    def interrupted(*args: Any, **kwargs: Any) -> None:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(transformation_job, "render", interrupted)
    run(claimed)
    assert (row().status, row().error_code) == (Status.FAILED, "took_too_long")
    assert row().error_message == "The work took longer than 60 seconds."


@pytest.mark.parametrize("queue", QUEUES.values(), ids=lambda queue: queue.name)
def test_work_ends_itself_before_it_is_interrupted(queue: Queue) -> None:
    assert queue.deadline < queue.soft_limit < queue.hard_limit


def test_a_source_that_is_gone_fails_for_good(claimed: TransformationTask) -> None:
    default_storage.delete(claimed.original_image.stored_object.key)
    run(claimed)
    assert (row().status, row().error_code) == (Status.FAILED, "object_missing")
    assert events()[-1] == "task.failed"


def test_a_source_that_broke_in_the_storage_fails_for_good(claimed: TransformationTask) -> None:
    path = Path(default_storage.path(claimed.original_image.stored_object.key))
    path.write_bytes(path.read_bytes()[:200])
    run(claimed)
    assert (row().status, row().error_code) == (Status.FAILED, "invalid_image")


def test_a_storage_that_is_away_gets_another_attempt(
    claimed: TransformationTask, settings: Any
) -> None:
    """The results' folder cannot be made, as on a disk that was taken away."""
    blocker = Path(default_storage.path("images/results"))
    if blocker.is_dir():
        blocker.rename(blocker.with_name(f"results-{uuid.uuid4().hex}"))
    blocker.write_bytes(b"")
    try:
        run(claimed)
    finally:
        blocker.unlink()
    waiting = row()
    assert (waiting.status, waiting.error_code) == (Status.PENDING, "storage_unavailable")
    assert waiting.attempts == 1
    TransformationTask.objects.update(available_at=waiting.queued_at)
    tasks.work("light")
    assert row().status == Status.SUCCESS
    assert row().error_code == ""


def test_an_error_of_ours_is_retried_then_fails(
    claimed: TransformationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError("a fault in our code")

    monkeypatch.setattr(transformation_job, "render", broken)
    run(claimed)
    assert (row().status, row().error_code) == (Status.PENDING, "internal_error")
    assert "task.failed" not in events()
    for _ in range(MAX_ATTEMPTS - 1):
        TransformationTask.objects.update(available_at=row().queued_at)
        tasks.work("light")
    assert (row().status, row().error_code) == (Status.FAILED, "internal_error")
    assert "ZeroDivision" not in row().error_message
    assert events().count("task.failed") == 1


def test_memory_that_runs_out_is_a_counted_attempt(
    claimed: TransformationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hungry(*args: Any, **kwargs: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(transformation_job, "render", hungry)
    run(claimed)
    assert (row().status, row().error_code) == (Status.PENDING, "out_of_memory")
    for _ in range(MAX_ATTEMPTS - 1):
        TransformationTask.objects.update(available_at=row().queued_at)
        tasks.work("light")
    assert (row().status, row().error_code) == (Status.FAILED, "out_of_memory")


def test_a_deleted_image_ends_the_work_quietly(
    claimed: TransformationTask, caplog: pytest.LogCaptureFixture
) -> None:
    claimed.original_image.delete()
    run(claimed)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    assert not TransformationTask.objects.exists()
    assert not TransformedImage.objects.exists()


def test_two_equal_tasks_that_ran_at_once_share_one_object(user: Any) -> None:
    image = rows.image(user)
    rows.task(image)
    rows.task(image)
    first = claim(TransformationTask, "light", release=ENGINE_RELEASE)
    second = claim(TransformationTask, "light", release=ENGINE_RELEASE)
    assert first is not None
    assert second is not None
    run(first)
    run(second)
    assert TransformedImage.objects.count() == 2
    assert TransformedImage.objects.values("stored_object").distinct().count() == 1


def test_the_worker_decodes_a_large_photograph_at_a_reduced_scale(
    user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import JpegImagePlugin

    scales: list[tuple[int, int]] = []
    load = JpegImagePlugin.JpegImageFile.load

    def counting(self: Any) -> Any:
        scales.append(self.size)
        return load(self)

    image = rows.image(user, pictures.jpeg(4000, 3000))
    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", counting)
    rows.task(image, [{"operation": "resize", "params": {"width": 800, "height": 600}}])
    tasks.work("light")
    assert row().status == Status.SUCCESS
    assert scales
    assert max(scales) == (2000, 1500)


def test_short_steps_do_not_each_cost_a_query(
    claimed: TransformationTask, django_assert_max_num_queries: Any
) -> None:
    with Lease(claimed) as kept, django_assert_max_num_queries(2):
        for step in range(200):
            kept.checkpoint(step / 200)


def test_a_storage_that_is_away_for_long_does_not_use_up_the_attempts(
    claimed: TransformationTask,
) -> None:
    blocker = Path(default_storage.path("images/results"))
    if blocker.is_dir():
        blocker.rename(blocker.with_name(f"results-{uuid.uuid4().hex}"))
    blocker.write_bytes(b"")
    try:
        run(claimed)
        for _ in range(2 * MAX_ATTEMPTS):
            TransformationTask.objects.update(available_at=row().queued_at)
            tasks.work("light")
    finally:
        blocker.unlink()
    waiting = row()
    assert (waiting.status, waiting.error_code) == (Status.PENDING, "storage_unavailable")
    assert waiting.attempts == waiting.excused == 1 + 2 * MAX_ATTEMPTS
    TransformationTask.objects.update(available_at=waiting.queued_at)
    tasks.work("light")
    assert row().status == Status.SUCCESS


def test_nothing_is_waited_for_longer_than_a_day(claimed: TransformationTask) -> None:
    default_storage.delete(claimed.original_image.stored_object.key)
    TransformationTask.objects.update(queued_at=Now() - transitions.OUTAGE)
    claimed.refresh_from_db()
    assert transitions.wait_out(claimed, "storage_unavailable", "It does not answer.")
    assert (row().status, row().error_code) == (Status.FAILED, "storage_unavailable")

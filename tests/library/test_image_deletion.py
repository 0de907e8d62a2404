"""Deletion of an image with many tasks: gone at once, removed in the background."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from image_processor import tasks
from image_processor.jobs import claim, runner, transitions
from image_processor.jobs.model import Status
from image_processor.jobs.registry import job_type_of
from image_processor.library import images, picture_links, removal, selectors
from image_processor.library.accounting import stats, usage
from image_processor.library.deletion import image_rows, job
from image_processor.library.locks import ImageGone, lock_image, share_image, share_images
from image_processor.models import (
    Deletion,
    SourceImage,
    StoredObject,
    TransformationTask,
    TransformedImage,
    UnclaimedObject,
)
from image_processor.transform import task_actions
from outbox.models import Event
from tests.audit_lines import captured
from tests.builders import many, pictures, rows
from tests.builders.locking import call_while_locked
from utils.versions import NotFound


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let three tasks be many, and remove two at a time."""
    monkeypatch.setattr(images, "MOST_TASKS_AT_ONCE", 2)
    monkeypatch.setattr(image_rows, "CHUNK", 2)


@pytest.fixture
def image(user: Any) -> SourceImage:
    """An image with three results and two waiting tasks, one of them in a batch."""
    source = rows.image(user)
    images.update(source, description="The sea")
    rows.tasks(source, 3)
    for _ in range(3):
        tasks.work("light")
    rows.task(source, [{"operation": "flip"}])
    rows.batch(source, transformations=rows.RESIZE, format="jpeg")
    return source


def claimed() -> Deletion:
    deletion = claim.claim(Deletion, "deletions", release=99)
    assert deletion is not None
    return deletion


def test_the_image_disappears_at_once(image: SourceImage, user: Any) -> None:
    kept = rows.image(user, pictures.jpeg(seed=2))
    result = TransformedImage.objects.all()[0]
    deletion = images.delete(image)
    assert deletion is not None
    assert (deletion.tasks, deletion.status) == (5, Status.PENDING)
    assert list(selectors.images_of(user.pk)) == [kept]
    assert list(selectors.images_with_proxy_of(user.pk)) == [kept]
    assert not selectors.results_of(user.pk).exists()
    assert not selectors.tasks_of(user.pk).exists()
    assert stats.collect(user.pk)["images"] == 1
    assert picture_links.is_present(picture_links.name_of(kept))
    assert not picture_links.is_present(picture_links.name_of(image))
    assert not picture_links.is_present(picture_links.name_of(result))
    with pytest.raises(ImageGone):
        share_image(image.pk, user.pk)
    with pytest.raises(ImageGone):
        task_actions.cancel(TransformationTask.objects.filter(status=Status.PENDING)[0])
    assert task_actions.retry_failed(user.pk) == (0, False)


def test_a_worker_removes_it_in_chunks(image: SourceImage, user: Any) -> None:
    deletion = images.delete(image)
    assert deletion is not None
    assert runner.run_next("deletions")
    deletion.refresh_from_db()
    assert (deletion.status, deletion.tasks_removed) == (Status.SUCCESS, 5)
    assert not SourceImage.objects.exists()
    assert not TransformationTask.objects.exists()
    assert not StoredObject.objects.exists()
    assert usage.read(user.pk)[:2] == (0, 0)
    assert Event.objects.filter(kind="batch.finished").count() == 1
    assert removal.sweep() == 4
    assert not UnclaimedObject.objects.exists()
    Deletion.objects.update(finished_at=Now() - timedelta(days=2))
    assert job.DeletionJobType().forget_old() == 1


def test_few_tasks_are_removed_with_the_request(user: Any) -> None:
    source = rows.image(user)
    rows.tasks(source, 2)
    assert images.delete(source) is None
    assert not SourceImage.objects.exists()


def test_another_worker_goes_on_after_a_death(image: SourceImage) -> None:
    images.delete(image)
    steps = image_rows.remove(claimed())
    assert next(steps) == 2
    steps.close()  # the worker dies here
    assert TransformationTask.objects.count() == 3
    assert not runner.run_next("deletions")
    Deletion.objects.update(available_at=Now())  # the lease runs out
    assert runner.run_next("deletions")
    assert not SourceImage.objects.exists()


def test_a_turn_lets_other_owners_go_first(
    image: SourceImage, make_user: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "STEPS", 1)
    other = rows.image(make_user(), pictures.jpeg(seed=9))
    rows.tasks(other, 3)
    many, few = images.delete(image), images.delete(other)
    assert many is not None
    assert few is not None
    order = []
    while runner.run_next("deletions"):
        order.append([Deletion.objects.get(pk=each.pk).tasks_removed for each in (many, few)])
    assert order[:4] == [[2, 0], [2, 2], [4, 2], [4, 3]]
    assert not SourceImage.objects.exists()
    many.refresh_from_db()
    assert many.attempts - many.excused == 1


def test_a_slow_turn_ends_after_a_while(image: SourceImage) -> None:
    """A worker whose job takes very long is taken for hanging, and is ended."""
    images.delete(image)
    times = iter([0, 1, job.TURN_SECONDS + 1])
    runner.run(job.DeletionJobType(lambda: next(times)), claimed())
    deletion = Deletion.objects.get()
    assert (deletion.status, deletion.tasks_removed) == (Status.PENDING, 4)


def fail(*args: Any) -> Any:
    raise RuntimeError("a fault of the service")


def test_errors_and_deaths_only_delay_it(
    image: SourceImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    deletion = images.delete(image)
    assert deletion is not None
    with monkeypatch.context() as patch:
        patch.setattr(image_rows, "remove", fail)
        for _ in range(5):
            assert runner.run_next("deletions")
            Deletion.objects.update(available_at=Now())
    Deletion.objects.update(status=Status.IN_PROGRESS, attempts=F("excused") + 3)
    job_type = job_type_of("deletions")
    assert job_type is not None
    assert runner.fail_lost_jobs(job_type) == 1
    deletion.refresh_from_db()
    assert (deletion.status, deletion.error_code) == (Status.PENDING, "worker_lost")
    Deletion.objects.update(available_at=Now())
    assert runner.run_next("deletions")
    assert not SourceImage.objects.exists()


def test_a_late_worker_does_not_end_the_deletion_of_another(image: SourceImage) -> None:
    images.delete(image)
    late = claimed()
    transitions.hand_back(late)
    job_type = job_type_of("deletions")
    assert job_type is not None
    runner.run(job_type, late)
    assert Deletion.objects.get().status == Status.PENDING
    assert runner.run_next("deletions")
    assert Deletion.objects.get().status == Status.SUCCESS


@pytest.mark.parametrize("error", [RuntimeError, IntegrityError])
def test_a_fault_of_the_service_is_logged(
    image: SourceImage, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> Any:
        raise error("a fault of the service")

    images.delete(image)
    monkeypatch.setattr(image_rows, "remove", fail)
    with captured("image_processor.jobs.runner") as lines:
        assert runner.run_next("deletions")
    line = lines.only("job_crashed")
    assert (line["level"], line["kind"]) == ("error", "deletion")


def test_neither_errors_nor_turns_add_up(
    image: SourceImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The columns of the attempts hold small numbers, and a deletion may try for years."""
    images.delete(image)
    Deletion.objects.update(attempts=30_000, excused=30_000)
    with monkeypatch.context() as patch:
        patch.setattr(image_rows, "remove", fail)
        assert runner.run_next("deletions")
    assert Deletion.objects.filter(attempts=0, excused=0).exists()
    Deletion.objects.update(attempts=30_000, excused=30_000, available_at=Now())
    monkeypatch.setattr(job, "STEPS", 1)
    assert runner.run_next("deletions")
    assert Deletion.objects.filter(attempts=0, excused=0).exists()


def test_the_pause_grows_with_the_time_in_vain(
    image: SourceImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    images.delete(image)
    monkeypatch.setattr(image_rows, "remove", fail)
    for days, least, most in ((0, 0, 1), (1, 59, 61)):
        Deletion.objects.update(available_at=Now(), queued_at=Now() - timedelta(days=days))
        assert runner.run_next("deletions")
        due = Deletion.objects.filter(
            available_at__gt=Now() + timedelta(minutes=least),
            available_at__lt=Now() + timedelta(minutes=most),
        )
        assert due.exists()


def test_tasks_are_removed_by_the_index_of_their_owner_and_image(
    user: Any, image: SourceImage
) -> None:
    other = many.image(user)
    for _ in range(30):
        many.task(other, "FAILED")
    images.delete(image)
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        next(image_rows.remove(claimed()))
        [chunk] = [each["sql"] for each in queries if '"batch_id" FROM' in each["sql"]]
        # Whatever other tests left: the planner knows the rows of this one, and must not sort.
        cursor.execute("ANALYZE image_processor_transformationtask")
        for node in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{node} = off")
        cursor.execute(f"EXPLAIN {chunk}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Scan Backward using task_image" in plan


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("use", [share_image, lock_image, share_images, images.update])
def test_what_waits_for_the_deletion_does_not_find_the_image(user: Any, use: Any) -> None:
    """The row is there and was not changed by its lock; the waiting statement is older."""
    source = many.image(user)
    for _ in range(3):
        many.task(source, "FAILED")

    def wait() -> Any:
        with transaction.atomic():
            if use is images.update:
                return use(source, description="of a deleted image")
            if use is share_images:
                return use([source.pk], user.pk)
            return use(source.pk, user.pk)

    def call() -> Any:
        try:
            return wait()
        except (ImageGone, NotFound):
            return set()

    found = call_while_locked(source, call, lambda: images.delete(source), no_key=False)
    assert found == set()


@pytest.mark.django_db(transaction=True)
def test_a_second_deletion_at_the_same_time_finds_no_image(user: Any) -> None:
    source = many.image(user)
    for _ in range(3):
        many.task(source, "FAILED")
    with pytest.raises(NotFound):
        call_while_locked(source, lambda: images.delete(source), lambda: images.delete(source))
    assert Deletion.objects.count() == 1

"""Quotas and usage: what is admitted, what counting costs, and that counters equal the rows."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Sum
from django.test import Client

from image_processor import configured_limits
from image_processor.ingest import file_check, imports
from image_processor.ingest.storing import storing
from image_processor.jobs import runner
from image_processor.library import images, results
from image_processor.library.accounting import quotas, usage
from image_processor.models import (
    Quota,
    SourceImage,
    StoredObject,
    TransformationTask,
    TransformedImage,
    UnclaimedObject,
    Usage,
)
from image_processor.tasks import work
from image_processor.transform import task_actions
from tests.builders import many, pictures, rows

MB = 1024 * 1024


def stored_by(owner: Any) -> tuple[int, int]:
    """The bytes of an owner's objects and texts, and the number of images."""
    found = StoredObject.objects.filter(owner=owner).aggregate(sum=Sum("size_bytes"))
    pictures = list(SourceImage.objects.filter(owner=owner))
    texts = [text for image in pictures for text in (image.description, *image.tags)]
    texts += TransformedImage.objects.filter(owner=owner).values_list("description", flat=True)
    size = sum(len(text.encode()) for text in texts)
    # Each tag has two quotation marks, and a comma and a space before the next.
    size += sum(4 * len(image.tags) - 2 for image in pictures if image.tags)
    return (found["sum"] or 0) + size, len(pictures)


def counted(owner: Any) -> tuple[int, int]:
    row = Usage.objects.get(owner=owner)
    return row.bytes_stored, row.images


def check_usage(*options: str) -> str:
    out = io.StringIO()
    call_command("check_usage", *options, stdout=out)
    return out.getvalue()


def test_a_quota_admits_exactly_its_limit(user: Any) -> None:
    Quota.objects.create(owner=user, storage_mb=1, tasks_per_month=3, concurrent_tasks=2)
    quotas.require_room(user.pk, MB)
    with pytest.raises(quotas.QuotaExceeded):
        quotas.require_room(user.pk, MB + 1)
    quotas.admit_tasks(user.pk, 3, running=2)
    quotas.admit_retry(user.pk, 2)
    assert Usage.objects.get().tasks == 3
    for ask in (
        lambda: quotas.admit_task(user.pk, runs=False),
        lambda: quotas.require_task(user.pk, runs=False),
        lambda: quotas.admit_retry(user.pk, 3),
    ):
        with pytest.raises(quotas.QuotaExceeded), transaction.atomic():
            ask()
    assert Usage.objects.get().tasks == 3


def test_a_task_requires_room_for_a_byte_of_its_result(user: Any) -> None:
    Quota.objects.create(owner=user, storage_mb=1)
    quotas.add_stored(user.pk, MB - 1, within_quota=True)
    quotas.admit_task(user.pk, runs=True)
    quotas.add_stored(user.pk, 1, within_quota=True)
    quotas.admit_task(user.pk, runs=False)
    with pytest.raises(quotas.QuotaExceeded):
        quotas.admit_task(user.pk, runs=True)


def test_only_unfinished_tasks_of_the_same_owner_are_concurrent(
    make_user: Callable[..., Any],
) -> None:
    owner = make_user()
    source, other = many.image(owner), many.image(make_user())
    for status in ("SUCCESS", "FAILED", "CANCELLED"):
        many.task(source, status)
    for _ in range(2):
        rows.task(rows.image(other.owner))
    assert usage.count_unfinished_tasks(owner.pk) == 0
    Quota.objects.create(owner=owner, concurrent_tasks=1)
    quotas.admit_task(owner.pk, runs=True)


def month_of_usage(user: Any, months: int, count: int) -> date:
    """Move the counter to a month before or after the present one; return that month."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')"
            " + make_interval(months => %s))::date",
            [months],
        )
        (month,) = cursor.fetchone()
    Usage.objects.update_or_create(owner=user, defaults={"month": month, "tasks": count})
    assert isinstance(month, date)
    return month


def test_a_new_month_begins_with_no_tasks(user: Any) -> None:
    Quota.objects.create(owner=user, tasks_per_month=3)
    month_of_usage(user, -1, 3)
    assert usage.read(user.pk).tasks_this_month == 0
    quotas.require_task(user.pk, runs=False)
    quotas.admit_task(user.pk, runs=False)
    row = Usage.objects.get()
    assert (row.tasks, row.month) == (1, usage.read(user.pk).month)


def test_the_month_of_a_counter_never_goes_back(user: Any) -> None:
    """Of two additions at the very end of a month, the earlier may come second."""
    Quota.objects.create(owner=user, tasks_per_month=4)
    month = month_of_usage(user, 1, 3)
    present = usage.read(user.pk)
    assert (present.tasks_this_month, present.month) == (3, month)
    quotas.admit_task(user.pk, runs=False)
    row = Usage.objects.get()
    assert (row.tasks, row.month) == (4, month)
    with pytest.raises(quotas.QuotaExceeded):
        quotas.admit_task(user.pk, runs=False)


def test_zero_means_no_limit_and_null_the_limit_of_the_service(settings: Any) -> None:
    settings.QUOTA_STORAGE_MB = 5
    settings.QUOTA_TASKS_PER_MONTH = 6
    settings.QUOTA_CONCURRENT_TASKS = 7
    settings.QUOTA_IMAGES = 8
    assert configured_limits.quota_limits() == (5 * MB, 6, 7, 8)
    assert configured_limits.quota_limits(1, 2, 3, 4) == (MB, 2, 3, 4)
    assert configured_limits.quota_limits(0, 0, 0, 0) == (None, None, None, None)


def test_quotas_add_two_queries_to_a_submission(user: Any, django_assert_num_queries: Any) -> None:
    """Begin, lock, find an equal result, add to usage, count unfinished, place, write, commit."""
    image = rows.image(user)
    with django_assert_num_queries(8):
        rows.submitted(image, transformations=rows.RESIZE)


def test_an_upload_adds_to_usage_in_two_queries_and_never_counts_rows(
    user: Any, django_assert_num_queries: Any
) -> None:
    """Bytes with the object, and the image; a file that is stored already adds only the image."""
    with django_assert_num_queries(11):
        rows.image(user)
    with django_assert_num_queries(9):
        rows.image(user)


def test_texts_need_room_when_they_grow(user: Any) -> None:
    image = rows.image(user)
    Quota.objects.create(owner=user, storage_mb=1)
    quotas.add_stored(user.pk, MB - counted(user)[0] - 5)
    images.update(image, description="käse")
    for texts in ({"description": "käse!"}, {"tags": ["a"]}, {"description": "", "tags": ["abcd"]}):
        with pytest.raises(quotas.QuotaExceeded) as refused:
            images.update(SourceImage.objects.get(), **texts)
        assert refused.value.limit == MB
    image = SourceImage.objects.get()
    assert (image.description, image.tags, counted(user)[0]) == ("käse", [], MB)
    quotas.add_stored(user.pk, MB)
    images.update(image, description="kas")
    images.update(image, description="", tags=["a"])
    assert counted(user)[0] == 2 * MB - 2
    with pytest.raises(quotas.QuotaExceeded), transaction.atomic():
        images.write(user.pk, file_name="a.jpg", description="x", status="importing")
    with transaction.atomic():
        images.write(user.pk, file_name="a.jpg", status="importing")


def test_an_upload_over_the_quota_of_images_sends_no_bytes(user: Any) -> None:
    Quota.objects.create(owner=user, images=1)
    rows.image(user)
    before = UnclaimedObject.objects.count()
    with pytest.raises(quotas.QuotaExceeded, match="You would have 2 images; 1 are allowed"):
        rows.image(user, pictures.jpeg(seed=2))
    assert UnclaimedObject.objects.count() == before


def test_the_file_of_an_import_needs_no_room_for_another_image(user: Any) -> None:
    Quota.objects.create(owner=user, images=1)
    with transaction.atomic():
        image = imports.create(user.pk, url="https://example.com/a.jpg")
    checked = file_check.check(user.pk, io.BytesIO(pictures.jpeg()))
    with storing(checked, image_id=image.pk) as stored:
        SourceImage.objects.filter(pk=image.pk).update(stored_object=stored)
    assert counted(user) == stored_by(user)


def test_without_a_limit_unfinished_tasks_are_not_counted(
    user: Any, django_assert_num_queries: Any
) -> None:
    image = rows.image(user)
    Quota.objects.create(owner=user, concurrent_tasks=0)
    with django_assert_num_queries(7):
        rows.submitted(image, transformations=rows.RESIZE)


def test_unfinished_tasks_are_counted_up_to_the_limit_only(user: Any) -> None:
    rows.tasks(rows.image(user), 5)
    assert usage.count_unfinished_tasks(user.pk, most=3) == 3
    assert usage.count_unfinished_tasks(user.pk) == 5


def test_unfinished_tasks_are_counted_by_an_index(user: Any) -> None:
    source = many.image(user)
    for _ in range(50):
        many.task(source)
    counted = TransformationTask.objects.filter(owner_id=user.pk, available_at__isnull=False)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE image_processor_transformationtask")
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "task_unfinished" in counted.explain()


def test_counters_agree_with_the_rows_after_any_change(make_user: Callable[..., Any]) -> None:
    owner, other = make_user(), make_user()
    sources = [rows.image(owner, pictures.jpeg(seed=seed)) for seed in (1, 2, 2, 3)]
    rows.image(other)
    images.update(sources[0], description="Ein Bär", tags=["näch ste", "b"])
    images.update(sources[3], description="x" * 1000, tags=["c"])
    for source in sources:
        rows.tasks(source, 2)
        rows.task(source)
        rows.task(source)
    for _ in range(6):
        runner.run_next("light")
    done = TransformationTask.objects.filter(owner=owner, status="SUCCESS")
    assert done.count() >= 4
    task_actions.delete(done[0])
    results.delete(done[0].result_image)
    images.delete(SourceImage.objects.filter(owner=owner)[1])
    images.update(sources[3], description="y", tags=[])
    task_actions.cancel(TransformationTask.objects.filter(owner=owner, status="PENDING")[0])
    work("light")
    with transaction.atomic():
        imports.create(owner.pk, url="https://example.com/a.jpg", description="imported")
    assert TransformedImage.objects.filter(owner=owner).exclude(description="").count() > 4
    assert counted(owner) == stored_by(owner)
    assert counted(other) == stored_by(other)
    assert counted(owner)[1] == 4
    assert usage.count_unfinished_tasks(owner.pk) == 0
    for image in SourceImage.objects.filter(owner=owner):
        images.delete(image)
        assert counted(owner) == stored_by(owner)
    assert counted(owner) == (0, 0)
    assert check_usage() == "All counters are correct (2 checked).\n"


def test_counters_are_deleted_with_the_account(user: Any) -> None:
    rows.tasks(rows.image(user), 2)
    Quota.objects.create(owner=user)
    rows.delete_account(user)
    assert not Usage.objects.exists()
    assert not Quota.objects.exists()


def test_check_usage_lists_wrong_counters_and_repairs_them_on_request(user: Any) -> None:
    rows.image(user)
    Usage.objects.update(bytes_stored=5, images=7)
    with pytest.raises(CommandError, match="Wrong counters: 1 of 1"):
        check_usage()
    assert counted(user) == (5, 7)
    said = check_usage("--repair")
    size, images = stored_by(user)
    assert f"{user.username}: 5 bytes and 7 images counted, {size} and {images} stored" in said
    assert counted(user) == stored_by(user)
    check_usage()


def test_check_usage_creates_a_missing_counter(user: Any) -> None:
    rows.image(user)
    Usage.objects.all().delete()
    check_usage("--repair")
    assert counted(user) == stored_by(user)


def test_an_operator_sets_a_quota_in_the_admin(user: Any, django_user_model: Any) -> None:
    rows.image(user)
    operator = django_user_model.objects.create_superuser("root", "root@example.com", "x")
    client = Client()
    client.force_login(operator, backend="accounts.access.backends.UsernameOrEmailBackend")
    form = {"owner": user.pk, "storage_mb": "", "tasks_per_month": "5", "concurrent_tasks": "0"}
    assert client.post("/admin/image_processor/quota/add/", form).status_code == 302
    limits = usage.read(user.pk).limits
    assert (limits.tasks_this_month, limits.concurrent_tasks) == (5, None)
    for page in ("quota/", "usage/", f"quota/{user.pk}/change/", f"usage/{user.pk}/change/"):
        assert client.get(f"/admin/image_processor/{page}").status_code == 200

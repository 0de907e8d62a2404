"""Derivations: what they make, when they are needed, and that a failure never harms the image."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from PIL import Image, ImageColor

from image_processor import maintenance, tasks
from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs.claim import claim
from image_processor.jobs.model import MAX_ATTEMPTS, Status
from image_processor.library import (
    derivation_job,
    derivation_requests,
    images,
    removal,
    stored_objects,
)
from image_processor.library.accounting.usage import Stored, recount
from image_processor.library.deletion import account
from image_processor.library.derivation_job import DerivationJobType
from image_processor.models import Derivation, SourceImage, StoredObject, UnclaimedObject, Usage
from image_processor.storage import object_storage
from image_processor.storage.errors import StorageUnavailable
from tests.builders import pictures, rows


def work() -> None:
    """Write the missing jobs and run all of them."""
    derivation_requests.write_missing_jobs()
    for _ in range(Derivation.objects.count()):
        tasks.work("derive")


def open_object(stored: StoredObject | None) -> Image.Image:
    assert stored is not None
    return pictures.opened(object_storage().get(stored.key))


def reload_object(image: SourceImage) -> StoredObject:
    return StoredObject.objects.select_related("thumbnail", "proxy").get(pk=image.stored_object_id)


@pytest.fixture
def large(user: Any) -> SourceImage:
    return rows.image(user, pictures.jpeg(2400, 1200))


def test_a_large_source_gets_thumbnail_proxy_and_colours(large: SourceImage) -> None:
    assert reload_object(large).appearance is None
    work()
    stored = reload_object(large)
    assert (open_object(stored.thumbnail).size, open_object(stored.thumbnail).format) == (
        (512, 256),
        "JPEG",
    )
    assert (open_object(stored.proxy).size, open_object(stored.proxy).format) == (
        (2048, 1024),
        "JPEG",
    )
    assert stored.appearance is not None
    assert len(stored.appearance["dominant_colors"]) == 5
    assert stored.appearance["thumbhash"]
    assert Derivation.objects.get().status == Status.SUCCESS
    assert not UnclaimedObject.objects.exists()
    # Derived objects need no derivation themselves.
    assert derivation_requests.write_missing_jobs() == 0


def test_alpha_and_orientation_are_kept(user: Any) -> None:
    clear = pictures.noise(2100, 700, "RGBA")
    clear.putalpha(Image.new("L", clear.size, 99))
    see_through = rows.image(user, pictures.encoded(clear, "PNG", compress_level=1))
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = rows.image(user, pictures.jpeg(640, 320, exif=exif))
    work()
    for made in (reload_object(see_through).thumbnail, reload_object(see_through).proxy):
        assert (open_object(made).format, open_object(made).mode) == ("WEBP", "RGBA")
    assert open_object(reload_object(lying).thumbnail).size == (256, 512)
    assert not open_object(reload_object(lying).thumbnail).getexif()


def test_an_animation_is_derived_from_its_first_frame(user: Any) -> None:
    red, blue = (Image.new("RGB", (600, 300), colour) for colour in ("red", "blue"))
    data = pictures.encoded(red, "GIF", save_all=True, append_images=[blue])
    image = rows.image(user, data)
    work()
    thumbnail = open_object(reload_object(image).thumbnail)
    assert (thumbnail.size, getattr(thumbnail, "n_frames", 1)) == ((512, 256), 1)
    red, green, blue = ImageColor.getrgb(reload_object(image).appearance["dominant_colors"][0])
    assert red >= 250
    assert green + blue <= 5


def test_a_small_source_is_its_own_thumbnail(user: Any) -> None:
    image = rows.image(user)
    work()
    stored = reload_object(image)
    assert stored.appearance is not None
    assert (stored.thumbnail, stored.proxy) == (None, None)
    assert StoredObject.objects.count() == 1


def test_proxies_can_be_turned_off(large: SourceImage, settings: Any) -> None:
    settings.IMAGE_PROXY = False
    work()
    assert reload_object(large).thumbnail is not None
    assert reload_object(large).proxy is None


def test_duplicates_share_one_derivation(user: Any) -> None:
    first, second = (rows.image(user, pictures.jpeg(600, 300)) for _ in range(2))
    assert first.stored_object_id == second.stored_object_id
    work()
    assert Derivation.objects.count() == 1
    images.delete(first)
    assert open_object(reload_object(second).thumbnail).size == (512, 256)


def test_large_results_get_thumbnails_and_small_ones_need_none(user: Any) -> None:
    image = rows.image(user)
    for width in (40, 700):
        task = rows.task(image, [{"operation": "resize", "params": {"width": width}}])
        tasks.work(task.queue)
    small, large = StoredObject.objects.filter(key__startswith="images/results/").order_by("pk")
    assert (small.thumbnail_id, small.appearance) == (None, None)
    assert open_object(large.thumbnail).size[0] == 512
    assert (large.proxy_id, large.to_derive) == (None, False)


def test_derived_objects_count_against_no_quota(large: SourceImage) -> None:
    before = Usage.objects.get().bytes_stored
    work()
    assert StoredObject.objects.filter(derived=True).count() == 2
    assert Usage.objects.get().bytes_stored == before == large.stored_object.size_bytes
    assert recount(large.owner_id) == (Stored(before, 1), Stored(before, 1))
    images.delete(large)
    assert Usage.objects.get().bytes_stored == 0


def test_derived_objects_are_deleted_with_the_image(large: SourceImage) -> None:
    work()
    images.delete(large)
    assert not StoredObject.objects.exists()
    assert not Derivation.objects.exists()
    assert removal.sweep() == 3


def test_derived_objects_are_deleted_with_the_account(large: SourceImage, user: Any) -> None:
    work()
    rows.delete_account(user)
    assert not StoredObject.objects.exists()
    assert removal.sweep() == 3


def test_an_image_deleted_during_its_derivation_leaves_no_object(
    large: SourceImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = stored_objects.write_all

    def write_then_delete(*args: Any) -> None:
        write(*args)
        images.delete(large)

    monkeypatch.setattr(derivation_job.stored_objects, "write_all", write_then_delete)
    work()
    assert not StoredObject.objects.exists()
    assert removal.sweep() == 3


def test_a_late_worker_publishes_nothing(
    large: SourceImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = stored_objects.write_all

    def write_then_lose_lease(*args: Any) -> None:
        write(*args)
        Derivation.objects.update(lease_token=uuid.uuid4())

    monkeypatch.setattr(derivation_job.stored_objects, "write_all", write_then_lose_lease)
    work()
    assert reload_object(large).thumbnail is None
    assert not StoredObject.objects.filter(derived=True).exists()
    assert removal.sweep() == 2


def test_a_derivation_waits_for_the_storage(
    large: SourceImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise StorageUnavailable("It does not answer.")

    monkeypatch.setattr(derivation_job.stored_objects, "write_all", fail)
    work()
    assert (Derivation.objects.get().status, Derivation.objects.get().error_code) == (
        Status.PENDING,
        "storage_unavailable",
    )


def test_derivation_jobs_are_written_in_portions(user: Any) -> None:
    for seed in range(3):
        rows.image(user, pictures.jpeg(seed=seed))
    assert derivation_requests.write_missing_jobs(most=2) == 2
    assert derivation_requests.write_missing_jobs(most=2) == 1
    assert derivation_requests.write_missing_jobs(most=2) == 0
    assert len(set(Derivation.objects.values_list("position", flat=True))) == 3
    work()
    assert not StoredObject.objects.filter(appearance=None).exists()


def test_rows_of_an_older_release_get_a_derivation(user: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO image_processor_storedobject (fingerprint, key, size_bytes, content_type,"
            " metadata, warnings, owner_id) VALUES ('f', 'k', 1, 'image/png', '{}', '[]', %s)"
            " RETURNING to_derive",
            [user.pk],
        )
        assert cursor.fetchone() == (True,)


def test_objects_of_deleted_accounts_do_not_hide_others(make_user: Any) -> None:
    kept, ended = rows.image(make_user()), make_user()
    rows.image(ended, pictures.jpeg(seed=2))
    account.forget_user(ended)
    assert derivation_requests.write_missing_jobs(most=1) == 1
    assert Derivation.objects.get().stored_object_id == kept.stored_object_id


def test_a_derivation_that_lost_every_worker_fails(large: SourceImage) -> None:
    derivation_requests.write_missing_jobs()
    claim(Derivation, "derive", release=ENGINE_RELEASE)
    Derivation.objects.update(attempts=MAX_ATTEMPTS, available_at=Now() - timedelta(seconds=1))
    maintenance.maintain()
    assert Derivation.objects.get().error_code == "worker_lost"


def test_old_derivations_are_deleted(large: SourceImage) -> None:
    work()
    job_type = DerivationJobType()
    assert job_type.forget_old() == 0
    Derivation.objects.update(finished_at=Now() - job_type.kept - timedelta(hours=1))
    assert job_type.forget_old() == 1
    assert derivation_requests.write_missing_jobs() == 0

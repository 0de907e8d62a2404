"""What is made of every stored picture in the background, and that it never harms the picture."""

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
from image_processor.library import account_deletion, derivations, derive, images, objects
from image_processor.library.quotas import recount
from image_processor.models import Derivation, SourceImage, StoredObject, UnclaimedObject, Usage
from image_processor.storage import object_storage
from image_processor.storage.errors import StorageUnavailable
from tests.builders import pictures, rows


def work() -> None:
    """Do the worker's part for what nobody waits for."""
    derivations.ask_for_missing()
    for _ in range(Derivation.objects.count()):
        tasks.work("derive")


def opened(stored: StoredObject | None) -> Image.Image:
    assert stored is not None
    return pictures.opened(object_storage().get(stored.key))


def stored_of(image: SourceImage) -> StoredObject:
    return StoredObject.objects.select_related("thumbnail", "proxy").get(pk=image.stored_object_id)


@pytest.fixture
def large(user: Any) -> SourceImage:
    return rows.image(user, pictures.jpeg(2400, 1200))


def test_a_large_source_gets_all_of_it(large: SourceImage) -> None:
    assert stored_of(large).appearance is None
    work()
    stored = stored_of(large)
    assert (opened(stored.thumbnail).size, opened(stored.thumbnail).format) == ((512, 256), "JPEG")
    assert (opened(stored.proxy).size, opened(stored.proxy).format) == ((2048, 1024), "JPEG")
    assert stored.appearance is not None
    assert len(stored.appearance["dominant_colors"]) == 5
    assert stored.appearance["thumbhash"]
    assert Derivation.objects.get().status == Status.SUCCESS
    assert not UnclaimedObject.objects.exists()
    # Of what was made, nothing more is.
    assert derivations.ask_for_missing() == 0


def test_alpha_and_orientation_are_kept(user: Any) -> None:
    clear = pictures.noise(2100, 700, "RGBA")
    clear.putalpha(Image.new("L", clear.size, 99))
    see_through = rows.image(user, pictures.encoded(clear, "PNG", compress_level=1))
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = rows.image(user, pictures.jpeg(640, 320, exif=exif))
    work()
    for made in (stored_of(see_through).thumbnail, stored_of(see_through).proxy):
        assert (opened(made).format, opened(made).mode) == ("WEBP", "RGBA")
    assert opened(stored_of(lying).thumbnail).size == (256, 512)
    assert not opened(stored_of(lying).thumbnail).getexif()


def test_of_an_animation_the_first_picture_is_taken(user: Any) -> None:
    red, blue = (Image.new("RGB", (600, 300), colour) for colour in ("red", "blue"))
    data = pictures.encoded(red, "GIF", save_all=True, append_images=[blue])
    image = rows.image(user, data)
    work()
    thumbnail = opened(stored_of(image).thumbnail)
    assert (thumbnail.size, getattr(thumbnail, "n_frames", 1)) == ((512, 256), 1)
    red, green, blue = ImageColor.getrgb(stored_of(image).appearance["dominant_colors"][0])
    assert red >= 250
    assert green + blue <= 5


def test_a_small_source_is_its_own_thumbnail(user: Any) -> None:
    image = rows.image(user)
    work()
    stored = stored_of(image)
    assert stored.appearance is not None
    assert (stored.thumbnail, stored.proxy) == (None, None)
    assert StoredObject.objects.count() == 1


def test_without_proxies_there_is_none(large: SourceImage, settings: Any) -> None:
    settings.IMAGE_PROXY = False
    work()
    assert stored_of(large).thumbnail is not None
    assert stored_of(large).proxy is None


def test_duplicates_share_one_derivation(user: Any) -> None:
    first, second = (rows.image(user, pictures.jpeg(600, 300)) for _ in range(2))
    assert first.stored_object_id == second.stored_object_id
    work()
    assert Derivation.objects.count() == 1
    images.delete(first)
    assert opened(stored_of(second).thumbnail).size == (512, 256)


def test_large_results_get_thumbnails_and_small_ones_need_none(user: Any) -> None:
    image = rows.image(user)
    for width in (40, 700):
        task = rows.task(image, [{"operation": "resize", "params": {"width": width}}])
        tasks.work(task.queue)
    work()
    small, large = StoredObject.objects.filter(key__startswith="results/").order_by("pk")
    assert (small.thumbnail_id, small.appearance) == (None, None)
    assert opened(large.thumbnail).size[0] == 512
    assert large.proxy_id is None
    assert large.appearance is not None


def test_it_counts_for_no_quota(large: SourceImage) -> None:
    before = Usage.objects.get().bytes_stored
    work()
    assert StoredObject.objects.filter(derived=True).count() == 2
    assert Usage.objects.get().bytes_stored == before == large.stored_object.size_bytes
    assert recount(large.owner_id) == (before, before)
    images.delete(large)
    assert Usage.objects.get().bytes_stored == 0


def test_it_goes_with_the_image(large: SourceImage) -> None:
    work()
    images.delete(large)
    assert not StoredObject.objects.exists()
    assert not Derivation.objects.exists()
    assert objects.sweep() == 3


def test_it_goes_with_the_account(large: SourceImage, user: Any) -> None:
    work()
    account_deletion.forget_user(user)
    assert not StoredObject.objects.exists()
    assert objects.sweep() == 3


def test_an_image_deleted_meanwhile_leaves_nothing(
    large: SourceImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = objects.write

    def write_then_delete(*args: Any) -> None:
        write(*args)
        images.delete(large)

    monkeypatch.setattr(derive.objects, "write", write_then_delete)
    work()
    assert not StoredObject.objects.exists()
    assert objects.sweep() == 3


def test_a_late_worker_publishes_nothing(
    large: SourceImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = objects.write

    def write_then_lose(*args: Any) -> None:
        write(*args)
        Derivation.objects.update(lease_token=uuid.uuid4())

    monkeypatch.setattr(derive.objects, "write", write_then_lose)
    work()
    assert stored_of(large).thumbnail is None
    assert not StoredObject.objects.filter(derived=True).exists()
    assert objects.sweep() == 2


def test_what_cannot_be_made_leaves_the_image_as_it_was(large: SourceImage) -> None:
    object_storage().delete(large.stored_object.key)
    object_storage().put(large.stored_object.key, b"no picture", "image/jpeg")
    work()
    job = Derivation.objects.get()
    assert (job.status, job.error_code) == (Status.FAILED, "invalid_image")
    assert SourceImage.objects.get().status == SourceImage.Status.READY
    assert stored_of(large).appearance is None


def test_a_storage_that_is_away_is_waited_for(
    large: SourceImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any) -> None:
        raise StorageUnavailable("It does not answer.")

    monkeypatch.setattr(derive.objects, "write", away)
    work()
    assert (Derivation.objects.get().status, Derivation.objects.get().error_code) == (
        Status.PENDING,
        "storage_unavailable",
    )


def test_images_are_seen_to_some_at_a_time(user: Any) -> None:
    for seed in range(3):
        rows.image(user, pictures.jpeg(seed=seed))
    assert derivations.ask_for_missing(most=2) == 2
    assert derivations.ask_for_missing(most=2) == 1
    assert derivations.ask_for_missing(most=2) == 0
    assert len(set(Derivation.objects.values_list("position", flat=True))) == 3
    work()
    assert not StoredObject.objects.filter(appearance=None).exists()


def test_the_database_asks_for_it_where_a_release_before_wrote_the_row(user: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO image_processor_storedobject (fingerprint, key, size_bytes, content_type,"
            " metadata, warnings, owner_id) VALUES ('f', 'k', 1, 'image/png', '{}', '[]', %s)"
            " RETURNING to_derive",
            [user.pk],
        )
        assert cursor.fetchone() == (True,)


def test_one_that_lost_every_worker_fails(large: SourceImage) -> None:
    derivations.ask_for_missing()
    claim(Derivation, "derive", release=ENGINE_RELEASE)
    Derivation.objects.update(attempts=MAX_ATTEMPTS, available_at=Now() - timedelta(seconds=1))
    maintenance.maintain()
    assert Derivation.objects.get().error_code == "worker_lost"


def test_what_has_ended_is_forgotten(large: SourceImage) -> None:
    work()
    assert derivations.forget_old() == 0
    Derivation.objects.update(finished_at=Now() - derivations.RETENTION - timedelta(hours=1))
    assert derivations.forget_old() == 1
    assert derivations.ask_for_missing() == 0

"""Write hundreds of thousands of waiting rows with COPY, in the positions of `jobs.fair_order`."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from django.contrib.auth import get_user_model
from django.db import connection

from image_processor.engine import ENGINE_RELEASE
from image_processor.models import FairShare, SourceImage, StoredObject, TransformationTask

COLUMNS = (
    "owner_id, status, queue, position, cost, engine_release, attempts, excused, progress, "
    "error_code, error_message, original_image_id, transformations, pipeline, format, "
    "fingerprint, warnings"
)


def make_owners(count: int, *, start: int = 0) -> list[SourceImage]:
    """Make users, each with one image whose file does not exist."""
    names = [f"owner{number}" for number in range(start, start + count)]
    users = get_user_model().objects.bulk_create(
        [get_user_model()(username=name, email=f"{name}@example.com") for name in names]
    )
    stored = StoredObject.objects.bulk_create(
        [
            StoredObject(
                owner=user,
                fingerprint=user.username,
                key=user.username,
                size_bytes=1,
                content_type="",
            )
            for user in users
        ]
    )
    return SourceImage.objects.bulk_create(
        [
            SourceImage(owner=user, stored_object=row, file_name="x", metadata={})
            for user, row in zip(users, stored, strict=True)
        ]
    )


def fill(images: list[SourceImage], each: int, *, cost: float = 1.0) -> None:
    """Write `each` waiting tasks for the owner of every image, from the queue's beginning."""
    _copy(
        (image.owner_id, image.pk, number * cost, cost)
        for number in range(each)
        for image in images
    )
    FairShare.objects.bulk_create(
        [FairShare(queue="light", owner_id=image.owner_id, finish=each * cost) for image in images]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def delete_all() -> None:
    """Delete all users, their rows and the clock of the queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"TRUNCATE {get_user_model()._meta.db_table}, image_processor_queueclock CASCADE"
        )


def _copy(rows: Iterable[tuple[int, int, float, float]]) -> None:
    table = TransformationTask._meta.db_table
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({COLUMNS}) FROM STDIN", CopiedFile(_lines(rows)))


def _lines(rows: Iterable[tuple[int, int, float, float]]) -> Iterator[str]:
    for owner, image, position, cost in rows:
        yield (
            f"{owner}\tPENDING\tlight\t{position}\t{cost}\t{ENGINE_RELEASE}\t0\t0\t0\t\t\t"
            f"{image}\t[]\t{{}}\tPNG\t\t[]\n"
        )


class CopiedFile(io.RawIOBase):
    """A file from which psycopg2 reads the lines of a COPY piece by piece."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._buffer = b""

    def read(self, size: int = -1) -> bytes:
        while len(self._buffer) < size and (line := next(self._lines, None)) is not None:
            self._buffer += line.encode()
        text, self._buffer = self._buffer[:size], self._buffer[size:]
        return text

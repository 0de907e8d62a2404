"""Make databases full of images, tasks and results."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection

from benchmarks.fairness.rows import CopiedFile
from benchmarks.lists import interleaved
from benchmarks.lists.newer_rows import add_newer_rows
from image_processor.engine.writing.options import Output
from image_processor.models import (
    Batch,
    Preset,
    SourceImage,
    StoredObject,
    TransformationTask,
    TransformedImage,
)
from webhooks.models import Delivery, Webhook

FIRST = 1_000_000_000  # ids above those of the tables' sequences
OTHERS = 1_000
RARE = 5  # number of rare rows, in either database
NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Database:
    """A database, its connection, and the owner whose lists are measured."""

    title: str
    connection: Any
    owner: Any
    image: int = FIRST + 1  # an image of the owner that has tasks
    webhook: int = 1
    tasks: Sequence[int] = range(FIRST + 1, FIRST + 101)
    name: str = "img_0000101"  # of one image
    name_end: str = "00101.jpg"
    old: datetime = NOW - timedelta(days=28)  # some images are older, enough for a page

    def fill_in(self, path: str) -> str:
        """Put the values of this owner's rows into the path of a request."""
        return path.format(
            image=self.image,
            webhook=self.webhook,
            task=self.tasks[0],
            ids=",".join(map(str, self.tasks)),
            name=self.name,
            name_end=self.name_end,
            old=quote(self.old.isoformat()),
        )

    def use(self) -> None:
        """Let Django use this database from now on."""
        connection.connection = self.connection


def make(rows: int, newer: int = 0) -> Database:
    """Make a database with `rows` images, and with `newer` newer ones that belong to others."""
    _create(f"lists_{rows}_{newer}")
    start = time.monotonic()
    owner = _fill(rows)
    if newer:
        add_newer_rows(newer, FIRST + rows, NOW, OTHERS)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    title = f"{rows + newer:,}"
    print(f"{title} images, tasks and results written in {time.monotonic() - start:.0f} s")
    own_connection, connection.connection = connection.connection, None
    return Database(title, own_connection, owner)


def make_interleaved(images: int, tasks: int) -> tuple[Database, Database]:
    """Make one database; return its smallest owner, who has 100 rows of each kind, and its largest.

    A database that is there already is used again.
    """
    name = f"lists_interleaved_{images}_{tasks}"
    if not _exists(name):
        _create(name)
        start = time.monotonic()
        steps = [{"operation": "resize", "params": {"width": 800}}]
        pipeline = {"steps": steps, "output": Output().model_dump(mode="json")}
        interleaved.fill(images, tasks, FIRST, NOW, json.dumps(pipeline), json.dumps(steps))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        print(f"{images:,} images, {tasks:,} tasks written in {time.monotonic() - start:.0f} s")
    connection.ensure_connection()
    small, large = (
        _owner_of(user)
        for user in (get_user_model().objects.latest("pk"), get_user_model().objects.earliest("pk"))
    )
    return small, large


def _owner_of(user: Any) -> Database:
    tasks = TransformationTask.objects.filter(owner=user).order_by("-created_at")
    newest = tasks.filter(result_image__isnull=False)[:100]
    images = SourceImage.objects.filter(owner=user).order_by("created_at")
    # Twenty names of the largest owner end like the first one, and all those of the smallest.
    name = images[0].file_name.lower()
    end = 5 if images.count() > interleaved.PAGE else 3
    return Database(
        f"{tasks.count():,} tasks",
        connection.connection,
        user,
        newest[0].original_image_id,
        Webhook.objects.get(owner=user).pk,
        [task.pk for task in newest],
        name=name.removesuffix(".jpg"),
        name_end=name[-len(".jpg") - end :],
        old=images[25].created_at,
    )


def _exists(name: str) -> bool:
    _use_database("postgres")
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        found = cursor.fetchone() is not None
    _use_database(name)
    return found


def _create(name: str) -> None:
    _use_database("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    _use_database(name)
    call_command("migrate", verbosity=0)


def _use_database(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _fill(rows: int) -> Any:
    users = get_user_model().objects.bulk_create(
        [get_user_model()(username=f"u{n}", email=f"u{n}@example.com") for n in range(OTHERS + 1)]
    )
    stored = StoredObject.objects.bulk_create(
        [
            StoredObject(owner=user, fingerprint=user.username, key=user.username, size_bytes=1)
            for user in users
        ]
    )
    owners = [(user.pk, row.pk) for user, row in zip(users, stored, strict=True)]
    _copy(
        SourceImage,
        "id, owner_id, stored_object_id, status, file_name, description, tags, metadata, "
        "analysis_status, created_at, updated_at",
        (_image(n, rows, *_owner(n, owners)) for n in range(rows)),
    )
    _copy(
        TransformationTask,
        "id, owner_id, original_image_id, status, queue, position, cost, engine_release, "
        "available_at, attempts, excused, progress, error_code, error_message, transformations, "
        "pipeline, format, fingerprint, warnings, queued_at, started_at, finished_at, created_at, "
        "updated_at",
        (_task(n, rows, *_owner(n, owners)) for n in range(rows)),
    )
    _copy(
        TransformedImage,
        "id, owner_id, stored_object_id, source_image_id, transformation_task_id, file_name, "
        "description, metadata, created_at, updated_at",
        (_result(n, rows, *_owner(n, owners)) for n in range(rows)),
    )
    _add_batches_and_webhook(users[0])
    return users[0]


def _add_batches_and_webhook(owner: Any) -> None:
    """Give the owner a hundred batches, and a webhook with a hundred deliveries."""
    Batch.objects.bulk_create([Batch(owner=owner, transformations=[]) for _ in range(100)])
    webhook = Webhook.objects.create(pk=1, owner=owner, url="https://example.com/", events=[])
    Delivery.objects.bulk_create(
        [
            Delivery(
                owner=owner,
                webhook=webhook,
                event_id=n,
                status="SUCCESS",
                available_at=None,
                body="{}",
            )
            for n in range(100)
        ]
    )
    Preset.objects.bulk_create(
        [Preset(owner=owner, name=f"preset {n}", transformations=[]) for n in range(30)]
    )


def _owner(number: int, owners: list[tuple[int, int]]) -> tuple[int, int]:
    return owners[0] if number % 10 else owners[1 + number // 10 % OTHERS]


def _is_rare(number: int, rows: int) -> bool:
    """Choose `RARE` rows, all of the first owner and none of the newest."""
    return number % (rows // RARE) == rows // RARE // 2 + 1


def _timestamp(number: int, rows: int) -> str:
    """Spread the rows over the last 29 days."""
    return (NOW - timedelta(days=29) * ((rows - number) / rows)).isoformat()


def _common(number: int, rows: int) -> tuple[str, str, str]:
    rare = _is_rare(number, rows)
    format_, width = ("TIFF", 9_999) if rare else ("JPEG", 1_000 + number % 4_000)
    words = "Seen on a holiday" if number % 2 else "At home"
    words += " with a unicorn 東京旅行写真" if rare else ""
    words += " once upon" if number % 300 == 1 else ""
    words += " long ago" if number < rows // 10 else ""
    facts = f'{{"format": "{format_}", "width": {width}, "height": {width * 2 // 3}, "frames": 1}}'
    return f"IMG_{number:07}.jpg", words, facts


def _image(number: int, rows: int, owner: int, stored: int) -> tuple[Any, ...]:
    name, words, facts = _common(number, rows)
    tags = json.dumps([f"t{number % 50}", *(["rare one"] if _is_rare(number, rows) else [])])
    moment = _timestamp(number, rows)
    return (
        FIRST + number, owner, stored, "ready", name, words, tags, facts, "none", moment, moment,
    )  # fmt: skip


def _task(number: int, rows: int, owner: int, stored: int) -> tuple[Any, ...]:
    moment = _timestamp(number, rows)
    status = "FAILED" if _is_rare(number, rows) else "SUCCESS"
    steps = '[{"operation": "resize", "params": {"width": 800}}]'
    pipeline = f'{{"steps": {steps}, "output": {Output().model_dump_json()}}}'
    return (
        FIRST + number, owner, FIRST + number, status, "light", 0, 1, 1, r"\N", 1, 0, 1, "", "",
        steps, pipeline, "JPEG", "", "[]", moment, moment, moment, moment, moment,
    )  # fmt: skip


def _result(number: int, rows: int, owner: int, stored: int) -> tuple[Any, ...]:
    name, words, facts = _common(number, rows)
    moment = _timestamp(number, rows)
    return (
        FIRST + number, owner, stored, FIRST + number, FIRST + number, name, words, facts,
        moment, moment,
    )  # fmt: skip


def _copy(model: Any, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    table = model._meta.db_table
    lines: Iterator[str] = ("\t".join(map(str, row)) + "\n" for row in rows)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", CopiedFile(lines))

"""`manage.py prune_storage [--dry-run]`: remove objects without a row, list missing objects."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from image_processor.library import orphans
from image_processor.library.stored_objects import WRITE_TIME
from image_processor.storage.errors import StorageUnavailable

MIN_HOURS = WRITE_TIME / timedelta(hours=1)


class Command(BaseCommand):
    help = (
        "Remove the orphans in the storage: objects that no database row names. List the stored "
        "objects that are missing in the storage, and fail if there are any."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="list the orphans without removing them"
        )
        parser.add_argument(
            "--older-than",
            type=float,
            default=24,
            metavar="HOURS",
            help="keep orphans that are younger (default 24)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        hours: float = options["older_than"]
        if not MIN_HOURS <= hours < 1e6:
            raise CommandError(
                f"--older-than is {hours:g}; it must be at least {MIN_HOURS:g} hours, the time "
                "that an object may take to be written."
            )
        try:
            missing = self._prune(timedelta(hours=hours), dry_run=options["dry_run"])
        except StorageUnavailable as error:
            raise CommandError(error.detail) from error
        if missing:
            raise CommandError(f"Stored objects that are missing in the storage: {missing}.")

    def _prune(self, older_than: timedelta, *, dry_run: bool) -> int:
        """Remove the orphans; return how many stored objects are missing."""
        count = size = missing = 0
        for found in orphans.survey(older_than):
            line = f"{found.key}  {found.size_bytes} bytes"
            if isinstance(found, orphans.Missing):
                missing += 1
                self.stdout.write(f"missing  {line}  owner {found.owner_id}")
                continue
            if not dry_run:
                orphans.remove(found)
            count += 1
            size += found.size_bytes
            self.stdout.write(f"orphan   {line}  {found.age / timedelta(hours=1):.0f} hours")
        verb = "found" if dry_run else "removed"
        self.stdout.write(f"Orphans {verb}: {count} ({size} bytes).")
        return missing

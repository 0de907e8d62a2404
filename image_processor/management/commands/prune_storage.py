"""`manage.py prune_storage [--dry-run]`: remove what no row knows, name what is missing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from image_processor.library import pruning
from image_processor.library.objects import WRITE_TIME
from image_processor.storage.errors import StorageUnavailable

LEAST_HOURS = WRITE_TIME / timedelta(hours=1)


class Command(BaseCommand):
    help = (
        "Remove objects in the storage that no row knows, and name rows whose object is missing. "
        "Fails when any is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")
        parser.add_argument(
            "--older-than",
            type=float,
            default=24,
            metavar="HOURS",
            help="leave younger objects alone (default 24)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        hours: float = options["older_than"]
        if not LEAST_HOURS <= hours < 1e6:
            raise CommandError(
                f"--older-than is {hours:g}; it must be at least {LEAST_HOURS:g} hours, the time "
                "that an object may take to be written."
            )
        try:
            missing = self._prune(timedelta(hours=hours), dry_run=options["dry_run"])
        except StorageUnavailable as error:
            raise CommandError(error.detail) from error
        if missing:
            have = "stored object has" if missing == 1 else "stored objects have"
            raise CommandError(f"{missing} {have} no bytes in the storage.")

    def _prune(self, older_than: timedelta, *, dry_run: bool) -> int:
        """How many objects are missing."""
        count = size = missing = 0
        for found in pruning.survey(older_than):
            if isinstance(found, pruning.Missing):
                missing += 1
                self.stdout.write(
                    f"missing  {found.key}  {found.size_bytes} bytes  owner {found.owner_id}"
                )
                continue
            if not dry_run:
                pruning.remove(found)
            count += 1
            size += found.size_bytes
            age = found.age / timedelta(hours=1)
            self.stdout.write(f"orphan   {found.key}  {found.size_bytes} bytes  {age:.0f} hours")
        verb = "would be" if dry_run else "was" if count == 1 else "were"
        objects = "object" if count == 1 else "objects"
        self.stdout.write(f"{count} {objects} of {size} bytes {verb} removed.")
        return missing

"""`manage.py check_usage [--repair]`: compare the counters of bytes and images with the rows."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from image_processor.library.accounting import usage


class Command(BaseCommand):
    help = "Compare each user's counters of bytes and images with the user's rows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="correct wrong counters")

    def handle(self, *_args: Any, **options: Any) -> None:
        wrong = total = 0
        users = get_user_model()._default_manager.order_by("pk")
        for user in users.iterator():
            total += 1
            counted, stored = usage.recount(user.pk, repair=options["repair"])
            if counted != stored:
                wrong += 1
                self.stdout.write(
                    f"{user}: {counted.bytes_stored} bytes and {counted.images} images counted, "
                    f"{stored.bytes_stored} and {stored.images} stored"
                )
        if not wrong:
            self.stdout.write(f"All counters are correct ({total} checked).")
        elif options["repair"]:
            self.stdout.write(f"Counters corrected: {wrong} of {total}.")
        else:
            raise CommandError(f"Wrong counters: {wrong} of {total}. Correct them with --repair.")

"""Measure the fairness of the queue and its cost.

    scripts/services -- .venv/bin/python -m benchmarks.fairness

The figures come from the real tables of a new database. Rows are written with COPY; tasks are
claimed and finished with the functions that workers use. No picture is rendered.
"""

from __future__ import annotations

import argparse
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "image_processing_service.settings")


def main() -> None:
    """Make a new database, measure, print."""
    parser = argparse.ArgumentParser(prog="benchmarks.fairness", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the long queue")
    options = parser.parse_args()
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS fairness")
        cursor.execute("CREATE DATABASE fairness")
    connection.close()
    connection.settings_dict["NAME"] = "fairness"
    call_command("migrate", verbosity=0)

    from benchmarks.fairness import measures

    measures.single_task_behind_many()
    measures.mixed_users()
    measures.claims(1_000, options.rows)
    measures.without_vacuum(20_000)
    measures.during_long_transaction(5_000)
    measures.not_due(20_000)
    measures.submissions()


if __name__ == "__main__":
    main()

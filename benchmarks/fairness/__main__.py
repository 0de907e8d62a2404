"""How fair the queue is, and what fairness costs: `scripts/services -- .venv/bin/python -m
benchmarks.fairness`.

Every figure is taken from the real tables of an empty database: rows are written with COPY, tasks
claimed as workers do it, and ended as theirs are. No picture is rendered.
"""

from __future__ import annotations

import argparse
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "image_processing_service.settings")


def main() -> None:
    """Fill a database of our own, measure, print."""
    parser = argparse.ArgumentParser(prog="benchmarks.fairness", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="in the long queue")
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

    measures.one_behind_many()
    measures.mix()
    measures.claims(1_000, options.rows)
    measures.drained(20_000)
    measures.held_back(5_000)
    measures.not_due(20_000)
    measures.submissions()


if __name__ == "__main__":
    main()

"""Compare the time of a list page with few rows and with many.

    scripts/services -- .venv/bin/python -m benchmarks.lists

Two databases are filled with COPY: one with a thousand images, tasks and results each, one with a
million. One owner has nine in ten rows, a thousand other owners share the rest. The requests of
this owner go through all of Django and use the two databases in turn.
"""

from __future__ import annotations

import argparse
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "image_processing_service.settings")


def main() -> None:
    """Fill two new databases, measure, print."""
    parser = argparse.ArgumentParser(prog="benchmarks.lists", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the large database")
    parser.add_argument("--times", type=int, default=60, help="repetitions of each request")
    options = parser.parse_args()
    django.setup()

    from benchmarks.lists import databases, measures

    few, many = databases.make(1_000), databases.make(options.rows)
    measures.compare(few, many, options.times)


if __name__ == "__main__":
    main()

"""Compare the time of a list page with few rows and with many.

    scripts/services -- .venv/bin/python -m benchmarks.lists

Two databases are filled: one with a thousand images, tasks and results each, one with a million.
One owner has nine in ten rows, a thousand other owners share the rest. The requests of this owner
go through all of Django and use the two databases in turn.

    scripts/services -- .venv/bin/python -m benchmarks.lists --rows 20000 --newer 1000000

With `--newer`, both databases have the same `--rows`, and the second one also has as many newer
rows, all of other owners. So everybody else's rows are in front of those of the measured owner.
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
    parser.add_argument("--newer", type=int, default=0, help="newer rows of other owners")
    parser.add_argument("--times", type=int, default=60, help="repetitions of each request")
    options = parser.parse_args()
    django.setup()

    from benchmarks.lists import databases, measures

    few = databases.make(options.rows if options.newer else 1_000)
    many = databases.make(options.rows, options.newer)
    measures.compare(few, many, options.times)


if __name__ == "__main__":
    main()

"""Compare the time of a list page with few rows and with many.

    scripts/services -- .venv/bin/python -m benchmarks.lists

Two databases are filled: one with a thousand images, tasks and results each, one with a million.
One owner has nine in ten rows, a thousand other owners share the rest. The requests of this owner
go through all of Django and use the two databases in turn.

    scripts/services -- .venv/bin/python -m benchmarks.lists --rows 20000 --newer 1000000

With `--newer`, both databases have the same `--rows`, and the second one also has as many newer
rows, all of other owners. So everybody else's rows are in front of those of the measured owner.

    scripts/services -- .venv/bin/python -m benchmarks.lists --rows 1000000 --interleaved

With `--interleaved`, one database has `--rows` tasks of three tenths as many images, and the rows
of its thousand owners lie between each other. The largest owner, who has two in five rows, is
compared with the smallest, who has a page full of rows (100) and nothing else.
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
    parser.add_argument("--interleaved", action="store_true", help="compare owners of one database")
    parser.add_argument("--only", default="", help="measure requests with this in their name")
    options = parser.parse_args()
    django.setup()

    from benchmarks.lists import databases, measures

    if options.interleaved:
        few, many = databases.make_interleaved(options.rows * 3 // 10, options.rows)
    else:
        few = databases.make(options.rows if options.newer else 1_000)
        many = databases.make(options.rows, options.newer)
    measures.compare(few, many, options.times, options.only)


if __name__ == "__main__":
    main()

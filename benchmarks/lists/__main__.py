"""What a page of a list costs with few rows and with many: `scripts/services --
.venv/bin/python -m benchmarks.lists`.

Two databases are filled with COPY: one of a thousand rows, one of a million images, as many tasks
and as many results. One owner has nine in ten of them, a thousand others share the rest. Requests
of that owner go through the whole of Django, to one and the other in turn.
"""

from __future__ import annotations

import argparse
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "image_processing_service.settings")


def main() -> None:
    """Fill databases of our own, measure, print."""
    parser = argparse.ArgumentParser(prog="benchmarks.lists", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="in the large database")
    parser.add_argument("--times", type=int, default=60, help="of each request")
    options = parser.parse_args()
    django.setup()

    from benchmarks.lists import filling, measures

    few, many = filling.database(1_000), filling.database(options.rows)
    measures.compare(few, many, options.times)


if __name__ == "__main__":
    main()

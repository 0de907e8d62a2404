"""The migrated database that several test processes copy, so that migrations run once.

With TEST_DATABASE_TEMPLATE naming it on the server of DATABASE_URL,
`python -m tests.database_template make` makes it and `drop` drops it. `tests/settings.py` tells
Django to copy it.
"""

from __future__ import annotations

import os
import sys

import django
from django.db import connection

PREFIX = "test_"


def make() -> None:
    """Make and migrate the template; an older one of that name is replaced."""
    connection.settings_dict["TEST"] |= {"NAME": _name(), "TEMPLATE": None, "MIGRATE": True}
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    # PostgreSQL copies only a database to which nobody is connected.
    connection.close()


def drop() -> None:
    """Drop the template."""
    connection.settings_dict["NAME"] = _name()
    connection.creation.destroy_test_db(verbosity=0)


def _name() -> str:
    name = os.environ.get("TEST_DATABASE_TEMPLATE", "")
    if not name.startswith(PREFIX):
        # What is there under this name is dropped, so it cannot be the name of real data.
        sys.exit(f"TEST_DATABASE_TEMPLATE must start with {PREFIX}, and is {name!r}.")
    return name


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    {"make": make, "drop": drop}[sys.argv[1]]()

"""What has to happen once before the service can start on some data: tables and static files.

Both take seconds that a second start should not pay, so each leaves a note of what it was made
from and is skipped while that is unchanged.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

import psycopg2

from scripts.local.bootstrap import ROOT, say
from scripts.local.environment import names_database
from scripts.local.given_services import database_url
from scripts.local.stack import Stack

MIGRATIONS = ("*/migrations/*.py", "*/*/migrations/*.py")
STATIC_FILES = ("*/static/**/*", "image_processing_service/settings.py")


def prepare(stack: Stack) -> None:
    """Bring tables and static files up to date."""
    _migrate(stack)
    _collect_static(stack)


def _migrate(stack: Stack) -> None:
    note = stack.data.path / "migrated.json"
    sources = _digest(MIGRATIONS)
    embedded = not names_database(stack.given)
    url = database_url(stack.environment)
    # Others may change a database that is not ours: there the note says nothing.
    if embedded and _read(note) == {"sources": sources, "applied": _applied(url)}:
        return
    say("Preparing the database ...")
    stack.manage("migrate", "--noinput")
    note.write_text(json.dumps({"sources": sources, "applied": _applied(url)}))


def _collect_static(stack: Stack) -> None:
    note = stack.data.path / "static.json"
    target = stack.environment["STATIC_ROOT"]
    # Relative, so that a copy of the data folder is as well prepared as the folder itself.
    place = os.path.relpath(target, stack.data.path)
    state = {"sources": _digest(STATIC_FILES), "target": place}
    if Path(target).is_dir() and any(Path(target).iterdir()) and _read(note) == state:
        return
    say("Collecting static files ...")
    stack.manage("collectstatic", "--noinput")
    note.write_text(json.dumps(state))


def _applied(url: str) -> int:
    """How many migrations the database has seen; 0 for an empty one."""
    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if cursor.fetchone() != (True,):
            return 0
        cursor.execute("SELECT count(*) FROM django_migrations")
        (count,) = cursor.fetchone() or (0,)
        return int(count)


def _digest(patterns: Iterable[str]) -> str:
    """Digest of the installed versions and of the checkout's files that match."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            # Not what an earlier start has collected in .data.
            if path.is_file() and not path.relative_to(ROOT).parts[0].startswith("."):
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _read(note: Path) -> object:
    try:
        return json.loads(note.read_text())
    except (OSError, ValueError):
        return None

"""Prepare a data folder for the service: migrate the database and collect the static files.

Both take seconds. Each writes a file with the digest of its sources into the data folder, and is
skipped while the sources are unchanged.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

import psycopg2

from scripts.local.checkout import ROOT
from scripts.local.running.stack import Stack
from scripts.local.servers.external_services import database_url, names_database
from scripts.local.terminal import say

MIGRATIONS = ("*/migrations/*.py", "*/*/migrations/*.py")
STATIC_FILES = ("*/static/**/*", "image_processing_service/settings/*.py")


def prepare(stack: Stack) -> None:
    """Bring tables and static files up to date."""
    _migrate(stack)
    _collect_static(stack)


def _migrate(stack: Stack) -> None:
    state_file = stack.data.path / "migrated.json"
    sources = _digest(MIGRATIONS)
    is_embedded = not names_database(stack.given_environment)
    url = database_url(stack.environment)
    # Other programs may change an external database, so the file proves nothing there.
    if is_embedded and _read(state_file) == {"sources": sources, "applied": _count_migrations(url)}:
        return
    say("Preparing the database ...")
    stack.manage("migrate", "--noinput")
    state_file.write_text(json.dumps({"sources": sources, "applied": _count_migrations(url)}))


def _collect_static(stack: Stack) -> None:
    state_file = stack.data.path / "static.json"
    target = stack.environment["STATIC_ROOT"]
    # Relative, so that a copy of the data folder counts as prepared, too.
    place = os.path.relpath(target, stack.data.path)
    state = {"sources": _digest(STATIC_FILES), "target": place}
    if Path(target).is_dir() and any(Path(target).iterdir()) and _read(state_file) == state:
        return
    say("Collecting static files ...")
    stack.manage("collectstatic", "--noinput")
    state_file.write_text(json.dumps(state))


def _count_migrations(url: str) -> int:
    """Return how many migrations the database has; 0 for an empty database."""
    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if cursor.fetchone() != (True,):
            return 0
        cursor.execute("SELECT count(*) FROM django_migrations")
        (count,) = cursor.fetchone() or (0,)
        return int(count)


def _digest(patterns: Iterable[str]) -> str:
    """Return the digest of the pinned versions and of the matching files of the checkout."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            # Without hidden folders: .data holds the static files of earlier starts.
            if path.is_file() and not path.relative_to(ROOT).parts[0].startswith("."):
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _read(state_file: Path) -> object:
    try:
        return json.loads(state_file.read_text())
    except (OSError, ValueError):
        return None

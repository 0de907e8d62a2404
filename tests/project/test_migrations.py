"""Migrations are only added: a database somewhere has already run those that are listed here.

`migrations.sha256` has the format of `sha256sum`, one line for each migration.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from scripts.local.installing.bootstrap import ROOT

RECORD = Path(__file__).with_name("migrations.sha256")


def recorded() -> dict[str, str]:
    lines = (line.split() for line in RECORD.read_text().splitlines())
    return {path: digest for digest, path in lines}


def present() -> dict[str, str]:
    return {
        str(file.relative_to(ROOT)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(ROOT.glob("*/migrations/[0-9]*.py"))
    }


def test_no_recorded_migration_was_changed_or_removed() -> None:
    found = present()
    changed = [path for path, digest in recorded().items() if found.get(path) != digest]
    assert not changed, f"These migrations have run somewhere. Add a new one instead: {changed}"


def test_every_migration_is_recorded() -> None:
    known = recorded()
    missing = [f"{digest}  {path}" for path, digest in present().items() if path not in known]
    assert not missing, f"Add to {RECORD.name}:\n" + "\n".join(missing)

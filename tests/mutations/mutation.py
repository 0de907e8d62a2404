"""A mutation: a wrong change, and the tests that must fail on it."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).parent


@dataclass(frozen=True)
class Mutation:
    """An entry of a list. `name` describes in one sentence what the changed code does wrong."""

    subject: str
    name: str
    file: str
    before: str
    after: str
    killed_by: tuple[str, ...]

    def apply(self, text: str) -> str:
        """Return the changed text of `file`. Raises ValueError unless it has `before` once."""
        count = text.count(self.before)
        if count != 1:
            raise ValueError(f"`before` occurs {count} times in {self.file}: {self.before!r}")
        return text.replace(self.before, self.after)


def subjects() -> list[str]:
    """Return the names of all lists."""
    return sorted(path.stem for path in LIST.glob("*.toml"))


def load(names: Collection[str] = ()) -> list[Mutation]:
    """Load the mutations of these subjects, by default of all."""
    return [
        Mutation(
            subject=subject,
            name=entry["name"],
            file=entry["file"],
            before=entry["before"],
            after=entry["after"],
            killed_by=tuple(entry["killed_by"]),
        )
        for subject in subjects()
        if not names or subject in names
        for entry in tomllib.loads((LIST / f"{subject}.toml").read_text())["mutation"]
    ]

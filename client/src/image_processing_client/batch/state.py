"""How far a batch has come: a file of JSON lines in the output folder, one run at a time.

Every line is what is known of one file; the last one of a file counts. A line that was cut off
by a crash is left out, and the step it stood for is made again.
"""

from __future__ import annotations

import json
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TextIO

from image_processing_client.errors import ClientError

if sys.platform != "win32":
    import fcntl

FOLDER = ".ips"
NAME = "batch.jsonl"


class StateError(ClientError):
    """The output folder belongs to another batch, or one is at work in it."""


@dataclass(frozen=True)
class Entry:
    """One source file. `size` and `mtime_ns` tell whether it is still the same one."""

    file: str
    size: int
    mtime_ns: int
    round: int = 0  # counts up when a step has to be made anew
    image: int | None = None
    task: int | None = None
    asked: str | None = None  # digest of what `task` was asked to do
    output: str | None = None  # the result's name, written down before the file is
    done: str | None = None  # digest of what `output` is


class State:
    """What is known, by file; used by several threads."""

    def __init__(self, file: TextIO, run: uuid.UUID, entries: dict[str, Entry]) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._entries = entries
        self.run = run

    def of(self, file: str) -> Entry | None:
        return self._entries.get(file)

    def save(self, entry: Entry) -> Entry:
        """Write it down, before the next step is made."""
        with self._lock:
            self._entries[entry.file] = entry
            self._file.write(json.dumps(asdict(entry)) + "\n")
            self._file.flush()
        return entry

    def key(self, entry: Entry, step: str) -> str:
        """The idempotency key of a step: the same after a crash, another one for a new round."""
        facts = [entry.file, entry.size, entry.mtime_ns, entry.round, step]
        return uuid.uuid5(self.run, json.dumps(facts)).hex


@contextmanager
def opened(out: Path, service: str) -> Iterator[State]:
    """The state of the batch that writes to `out`, made if it is the first time.

    Raises `StateError` when another process is at it, or another service's ids are in it.
    """
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    with path.open("a+", encoding="utf-8") as file:
        _lock(file, out)
        for left in folder.glob("*.part"):
            left.unlink()
        file.seek(0)
        lines = list(_lines(file.read()))
        head = lines[0] if lines and "run" in lines[0] else None
        if head is None:
            head = {"run": uuid.uuid4().hex, "service": service}
            lines = []
            file.truncate(0)
            file.write(json.dumps(head) + "\n")
        elif head["service"] != service:
            raise StateError(
                f"{out} holds what {head['service']} made, and this is {service}. "
                f"Choose another folder, or delete {path}."
            )
        else:
            file.write("\n")  # ends a line that was cut off
        known = {field.name for field in fields(Entry)}
        entries = [Entry(**line) for line in lines[1:] if set(line) == known]
        yield State(file, uuid.UUID(head["run"]), {entry.file: entry for entry in entries})


def _lines(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        try:
            parsed = json.loads(line)
        except ValueError:
            continue
        if isinstance(parsed, dict):
            yield parsed


def _lock(file: TextIO, out: Path) -> None:
    if sys.platform != "win32":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StateError(f"Another batch is writing to {out}.") from error

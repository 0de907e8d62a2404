"""The progress of a batch, in a file of JSON lines in the output folder.

Every line is the state of one source file. If a source file has several lines, the last one
counts. A line that a crash cut off is ignored, and its step is done again. Only one process at a
time may use the file.
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
    """The output folder belongs to another service, or another process writes to it."""


@dataclass(frozen=True)
class Entry:
    """The state of one source file. `size` and `mtime_ns` show whether the file has changed."""

    file: str
    size: int
    mtime_ns: int
    round: int = 0  # increases when a step has to be repeated
    image: int | None = None
    task: int | None = None
    request_digest: str | None = None  # of the request of `task`
    output: str | None = None  # the result's name; saved before the file is written
    output_digest: str | None = None  # of the request whose result `output` is


class State:
    """The entries of all files. Several threads may share it."""

    def __init__(self, file: TextIO, run: uuid.UUID, entries: dict[str, Entry]) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._entries = entries
        self.run = run

    def find(self, file: str) -> Entry | None:
        return self._entries.get(file)

    def save(self, entry: Entry) -> Entry:
        """Save the entry. Call this before the next step."""
        with self._lock:
            self._entries[entry.file] = entry
            self._file.write(json.dumps(asdict(entry)) + "\n")
            self._file.flush()
        return entry

    def key(self, entry: Entry, step: str) -> str:
        """Return the idempotency key of a step. A crash does not change it; a new round does."""
        facts = [entry.file, entry.size, entry.mtime_ns, entry.round, step]
        return uuid.uuid5(self.run, json.dumps(facts)).hex


@contextmanager
def open_state(out: Path, service: str) -> Iterator[State]:
    """Open or create the state of the batch that writes to `out`.

    Raises `StateError` if another process uses it, or if it belongs to another service.
    """
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    with path.open("a+", encoding="utf-8") as file:
        _lock(file, out)
        for partial_download in folder.glob("*.part"):
            partial_download.unlink()
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
                f"{out} holds results of {head['service']}, but this service is {service}. "
                f"Choose another folder, or delete {path}."
            )
        else:
            file.write("\n")  # ends a line that a crash cut off
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

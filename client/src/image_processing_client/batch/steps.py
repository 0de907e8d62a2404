"""One file of a batch: upload, ask, wait, download, each step written down when it is made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from image_processing_client.batch import names
from image_processing_client.batch.state import FOLDER, Entry, State
from image_processing_client.client import Client
from image_processing_client.errors import ClientError, NotFound, TaskFailed
from image_processing_client.records import Task


@dataclass(frozen=True)
class Outcome:
    """What became of a file. `output` is relative to the output folder."""

    file: Path
    output: Path | None = None
    kept: bool = False  # it was there already
    error: Exception | None = None


@dataclass(frozen=True)
class Steps:
    """What is the same for all files; `request` is what `Client.transform` takes."""

    client: Client
    state: State
    folder: Path
    out: Path
    stems: Mapping[Path, Path]
    request: Mapping[str, Any]
    timeout: float
    force: bool = False

    def of(self, file: Path) -> Outcome:
        """Carry one file as far as it goes; errors that concern it are in the outcome."""
        try:
            entry = self._entry(file)
            if entry.output and entry.done == self._digest and (self.out / entry.output).exists():
                return Outcome(file, Path(entry.output), kept=True)
            return Outcome(file, self._made_at_last(file, entry))
        except (ClientError, OSError) as error:
            return Outcome(file, error=error)

    def _made_at_last(self, file: Path, entry: Entry) -> Path:
        """Ask again, then upload again, when what was made before is gone from the service."""
        try:
            return self._made(file, entry)
        except NotFound:
            entry = self._anew(replace(self._entry(file), task=None))
        try:
            return self._made(file, entry)
        except NotFound:
            entry = self._anew(replace(self._entry(file), task=None, image=None))
        return self._made(file, entry)

    @property
    def _digest(self) -> str:
        return hashlib.sha256(json.dumps(self.request, sort_keys=True).encode()).hexdigest()

    def _entry(self, file: Path) -> Entry:
        """What is known of the file as it is now."""
        facts = (self.folder / file).stat()
        known = self.state.of(file.as_posix())
        if known is None:
            return Entry(file.as_posix(), facts.st_size, facts.st_mtime_ns)
        if (known.size, known.mtime_ns) == (facts.st_size, facts.st_mtime_ns):
            return known
        return Entry(known.file, facts.st_size, facts.st_mtime_ns, output=known.output)

    def _anew(self, entry: Entry) -> Entry:
        return self.state.save(replace(entry, round=entry.round + 1))

    def _made(self, file: Path, entry: Entry) -> Path:
        entry = self._uploaded(file, entry)
        entry = self._asked(entry)
        assert entry.task is not None
        try:
            task = self.client.tasks.wait(entry.task, timeout=self.timeout)
        except TaskFailed:
            self._anew(replace(entry, task=None))  # the next run asks again
            raise
        return self._downloaded(file, entry, task)

    def _uploaded(self, file: Path, entry: Entry) -> Entry:
        if entry.image is not None:
            return entry
        key = self.state.key(entry, "upload")
        image = self.client.images.upload(self.folder / file, idempotency_key=key)
        return self.state.save(replace(entry, image=image.id))

    def _asked(self, entry: Entry) -> Entry:
        if entry.task is not None and entry.asked == self._digest:
            return entry
        assert entry.image is not None
        key = self.state.key(entry, self._digest)
        task = self.client.transform(entry.image, **self.request, idempotency_key=key)
        return self.state.save(replace(entry, task=task.id, asked=self._digest))

    def _downloaded(self, file: Path, entry: Entry, task: Task) -> Path:
        output = names.target(file, self.stems[file], task.format)
        final = self.out / output
        if final.exists() and entry.output != output.as_posix() and not self.force:
            raise FileExistsError(f"{final} is there already, and not of this batch.")
        partial = self.out / FOLDER / f"{task.id}.part"
        self.client.results.download(task, partial)
        final.parent.mkdir(parents=True, exist_ok=True)
        entry = self.state.save(replace(entry, output=output.as_posix()))
        partial.replace(final)
        self.state.save(replace(entry, done=self._digest))
        return output

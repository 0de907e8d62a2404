"""Process one file of a batch: upload, submit, wait, download. The state saves each step."""

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
from image_processing_client.errors import NotFound, TaskFailed
from image_processing_client.records import Task


@dataclass(frozen=True)
class Outcome:
    """The result of one file. `output` is relative to the output folder."""

    file: Path
    output: Path | None = None
    kept: bool = False  # an earlier run made it
    error: Exception | None = None


@dataclass(frozen=True)
class Steps:
    """The values common to all files. `request` holds arguments of `Client.transform`."""

    client: Client
    state: State
    folder: Path
    out: Path
    stems: Mapping[Path, Path]
    request: Mapping[str, Any]
    timeout: float
    force: bool = False

    def process(self, file: Path) -> Outcome:
        """Do all missing steps of one file. Errors are returned in the outcome."""
        try:
            entry = self._entry(file)
            if (
                entry.output
                and entry.output_digest == self._digest
                and (self.out / entry.output).exists()
            ):
                return Outcome(file, Path(entry.output), kept=True)
            return Outcome(file, self._process_with_repeats(file, entry))
        except Exception as error:  # noqa: BLE001 - no file may end the batch
            return Outcome(file, error=error)

    def _process_with_repeats(self, file: Path, entry: Entry) -> Path:
        """Do the steps; if the task or the image was deleted at the service, make it again."""
        try:
            return self._run_steps(file, entry)
        except NotFound:
            entry = self._start_round(replace(self._entry(file), task=None))
        try:
            return self._run_steps(file, entry)
        except NotFound:
            entry = self._start_round(replace(self._entry(file), task=None, image=None))
        return self._run_steps(file, entry)

    @property
    def _digest(self) -> str:
        return hashlib.sha256(json.dumps(self.request, sort_keys=True).encode()).hexdigest()

    def _entry(self, file: Path) -> Entry:
        """Return the entry of the file; a new one if the file is new or has changed."""
        facts = (self.folder / file).stat()
        known = self.state.find(file.as_posix())
        if known is None:
            return Entry(file.as_posix(), facts.st_size, facts.st_mtime_ns)
        if (known.size, known.mtime_ns) == (facts.st_size, facts.st_mtime_ns):
            return known
        return Entry(known.file, facts.st_size, facts.st_mtime_ns, output=known.output)

    def _start_round(self, entry: Entry) -> Entry:
        return self.state.save(replace(entry, round=entry.round + 1))

    def _run_steps(self, file: Path, entry: Entry) -> Path:
        entry = self._upload(file, entry)
        entry = self._submit(entry)
        assert entry.task is not None
        try:
            task = self.client.tasks.wait(entry.task, timeout=self.timeout)
        except TaskFailed:
            self._start_round(replace(entry, task=None))  # the next run submits a new task
            raise
        return self._download(file, entry, task)

    def _upload(self, file: Path, entry: Entry) -> Entry:
        if entry.image is not None:
            return entry
        key = self.state.key(entry, "upload")
        image = self.client.images.upload(self.folder / file, idempotency_key=key)
        return self.state.save(replace(entry, image=image.id))

    def _submit(self, entry: Entry) -> Entry:
        if entry.task is not None and entry.request_digest == self._digest:
            return entry
        assert entry.image is not None
        key = self.state.key(entry, self._digest)
        task = self.client.transform(entry.image, **self.request, idempotency_key=key)
        return self.state.save(replace(entry, task=task.id, request_digest=self._digest))

    def _download(self, file: Path, entry: Entry, task: Task) -> Path:
        output = names.target_path(file, self.stems[file], task.format)
        final = self.out / output
        if final.exists() and entry.output != output.as_posix() and not self.force:
            raise FileExistsError(f"{final} exists and was not made by this batch.")
        partial = self.out / FOLDER / f"{task.id}.part"
        self.client.results.download(task, partial)
        final.parent.mkdir(parents=True, exist_ok=True)
        entry = self.state.save(replace(entry, output=output.as_posix()))
        partial.replace(final)
        self.state.save(replace(entry, output_digest=self._digest))
        return output

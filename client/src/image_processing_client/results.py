"""`client.results`: results of transformations."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from image_processing_client import pages
from image_processing_client.downloads import download
from image_processing_client.errors import NotFound, TaskFailed
from image_processing_client.records import Result, Task
from image_processing_client.sources import Progress
from image_processing_client.transport import Call, Transport


class Results:
    """List, get, download and delete results. A finished task may stand for its result."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> Iterator[Result]:
        """Iterate over all results, newest first. Pages are fetched as needed."""
        return (
            Result.from_answer(row) for row in pages.items(self._transport, "images/transformed/")
        )

    def get(self, result: int | Result | Task) -> Result:
        return Result.from_answer(self._transport.json(Call("GET", _path(result))))

    def delete(self, result: int | Result | Task) -> None:
        """Delete a result; its task stays."""
        self._transport.json(Call("DELETE", _path(result)))

    def download(
        self,
        result: int | Result | Task,
        path: str | os.PathLike[str],
        *,
        progress: Progress | None = None,
    ) -> Path:
        """Write the result's file to `path`, and return the path. After an error, no part remains.

        Raises `TaskFailed` for a failed task and `ValueError` for a task that has not ended.
        """
        return download(self._transport, f"{_path(result)}download/", path, progress)


def _path(result: int | Result | Task) -> str:
    if isinstance(result, Task):
        if not result.is_finished:
            raise ValueError(f"Task {result.id} is {result.status}; wait for it first.")
        if result.status != "SUCCESS":
            raise TaskFailed(result)
        if result.result_image is None:
            detail = f"The result of task {result.id} was deleted."
            raise NotFound(detail, status=404, code="not_found")
        result = result.result_image
    pk = result if isinstance(result, int) else result.id
    return f"images/transformed/{pk}/"

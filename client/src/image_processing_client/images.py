"""`client.images`: what you uploaded."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from image_processing_client import pages
from image_processing_client.downloads import download
from image_processing_client.records import Image
from image_processing_client.sources import Progress, Source, Watched, opened
from image_processing_client.transport import IDEMPOTENCY_KEY, Call, Transport


class Images:
    """Upload, list, show, change, delete."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def upload(
        self,
        source: Source,
        *,
        file_name: str | None = None,
        description: str | None = None,
        progress: Progress | None = None,
        idempotency_key: str | None = None,
    ) -> Image:
        """Send a picture: a path, bytes, or a file opened for reading bytes, from its beginning.

        `progress(sent, total)` is called as the bytes leave. Raises `InvalidRequest` with the
        service's code for what is no acceptable picture, and `OSError` for the file.
        """
        answer = self.send(
            "images/upload/",
            source,
            {},
            file_name=file_name,
            description=description,
            progress=progress,
            idempotency_key=idempotency_key,
        )
        return Image.of(answer)

    def send(
        self,
        path: str,
        source: Source,
        form: Mapping[str, str],
        *,
        file_name: str | None,
        description: str | None,
        progress: Progress | None,
        idempotency_key: str | None,
        extra_time: float = 0,
    ) -> Any:
        """A picture with fields of a form to a route that takes both; the answer's JSON."""
        with opened(source, file_name) as upload:
            form = {**form, **({} if description is None else {"description": description})}
            if file_name is not None or '"' in upload.name:
                form["file_name"] = upload.name  # in the header of a part it would be escaped
            file = upload.file if progress is None else Watched(upload, progress)
            call = Call(
                "POST",
                path,
                form=form,
                files={"file": (upload.name, file)},
                headers={IDEMPOTENCY_KEY: idempotency_key or uuid.uuid4().hex},
                extra_time=90 + extra_time,
            )
            return self._transport.json(call)

    def list(self) -> Iterator[Image]:
        """All of them, newest first; pages are fetched as needed."""
        return (Image.of(row) for row in pages.items(self._transport, "images/"))

    def get(self, image: int | Image) -> Image:
        return Image.of(self._transport.json(Call("GET", f"images/{id_of(image)}/")))

    def update(self, image: int | Image, **changes: Any) -> Image:
        """Change `file_name`, `description`, `tags` or `focal_point`."""
        call = Call("PATCH", f"images/{id_of(image)}/", json=changes)
        return Image.of(self._transport.json(call))

    def delete(self, image: int | Image) -> None:
        """Delete it with its tasks and results."""
        self._transport.json(Call("DELETE", f"images/{id_of(image)}/"))

    def download(
        self,
        image: int | Image,
        path: str | os.PathLike[str],
        *,
        progress: Progress | None = None,
    ) -> Path:
        """Write the bytes as they were uploaded to `path`; the path."""
        return download(self._transport, f"images/{id_of(image)}/original/", path, progress)


def id_of(image: int | Image) -> int:
    return image if isinstance(image, int) else image.id

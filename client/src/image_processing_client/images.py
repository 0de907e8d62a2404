"""`client.images`: uploaded and imported images."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from image_processing_client import pages
from image_processing_client.downloads import download
from image_processing_client.errors import ImportFailed, WaitTimedOut
from image_processing_client.records import Image
from image_processing_client.sources import (
    Progress,
    ProgressFile,
    Source,
    guess_content_type,
    open_source,
)
from image_processing_client.transport import Call, Transport, idempotency_header

PAUSES = (0.2, 0.5, 1.0, 2.0)  # seconds between two polls of an import


class Images:
    """Upload, import, list, get, update, download and delete images."""

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
        """Upload a picture: a path, bytes, or an open binary file, which is read from its start.

        `progress(sent, total)` is called while the bytes are sent. Raises `InvalidRequest` when
        the service refuses the picture, and `OSError` when the file cannot be read.
        """
        answer = self.send_file(
            "images/upload/",
            source,
            {},
            file_name=file_name,
            description=description,
            progress=progress,
            idempotency_key=idempotency_key,
        )
        return Image.from_answer(answer)

    def send_file(
        self,
        path: str,
        source: Source,
        form: Mapping[str, str],
        *,
        file_name: str | None,
        description: str | None,
        progress: Progress | None,
        idempotency_key: str | None,
        extra_seconds: float = 0,
    ) -> Any:
        """POST a picture and form fields to `path`; return the JSON of the answer."""
        with open_source(source, file_name) as upload:
            form = {**form, **({} if description is None else {"description": description})}
            if file_name is not None or '"' in upload.name:
                form["file_name"] = upload.name  # a multipart header would escape it
            file = upload.file if progress is None else ProgressFile(upload, progress)
            call = Call(
                "POST",
                path,
                form=form,
                files={"file": (upload.name, file)},
                headers=idempotency_header(idempotency_key),
                extra_seconds=90 + extra_seconds,
            )
            return self._transport.json(call)

    def upload_direct(
        self,
        source: Source,
        *,
        file_name: str | None = None,
        description: str | None = None,
        content_type: str | None = None,
        progress: Progress | None = None,
        idempotency_key: str | None = None,
    ) -> Image:
        """Upload a large picture directly to the service's object storage.

        `content_type` is needed if the extension of the file name is not in `CONTENT_TYPES`.
        Raises `Conflict` with code `direct_upload_unavailable` if the service has no object
        storage, and the errors of `upload`.
        """
        with open_source(source, file_name) as upload:
            request = {
                "file_name": upload.name,
                "size_bytes": upload.size,
                "content_type": content_type or guess_content_type(upload.name),
                **({} if description is None else {"description": description}),
            }
            key = idempotency_header(idempotency_key)
            path = "images/direct-uploads/"
            direct = self._transport.json(Call("POST", path, json=request, headers=key))
            if direct["image"] is not None:  # an earlier call completed this upload
                return self.get(direct["image"])
            file = upload.file if progress is None else ProgressFile(upload, progress)
            storage_call = Call(
                "POST",
                direct["upload"]["url"],
                form=direct["upload"]["fields"],
                files={"file": (upload.name, file)},
                authenticated=False,  # the form is signed; the storage must not get the credentials
                extra_seconds=90,
            )
            self._transport.send(storage_call, lambda answer: answer.read())
            complete = Call("POST", f"{path}{direct['id']}/complete/", extra_seconds=90)
            return Image.from_answer(self._transport.json(complete))

    def import_url(
        self,
        url: str,
        *,
        file_name: str | None = None,
        description: str | None = None,
        idempotency_key: str | None = None,
    ) -> Image:
        """Let the service download a picture. The image has status `importing`; see `wait`.

        Raises `InvalidRequest` for an address that the service does not download from.
        """
        body = {"url": url, "file_name": file_name, "description": description}
        call = Call(
            "POST",
            "images/import/",
            json={name: value for name, value in body.items() if value is not None},
            headers=idempotency_header(idempotency_key),
        )
        return Image.from_answer(self._transport.json(call))

    def wait(self, image: int | Image, *, timeout: float = 600) -> Image:
        """Wait until the image is `ready` and return it.

        Raises `ImportFailed`, and `WaitTimedOut` after `timeout` seconds.
        """
        end = time.monotonic() + timeout
        for attempt in range(2**31):
            latest = self.get(image)
            if latest.status == "ready":
                return latest
            if latest.status == "failed":
                raise ImportFailed(latest)
            left = end - time.monotonic()
            if left <= 0:
                raise WaitTimedOut(latest, timeout)
            time.sleep(min(PAUSES[min(attempt, len(PAUSES) - 1)], left))
        raise AssertionError("unreachable")

    def list(self) -> Iterator[Image]:
        """Iterate over all images, newest first. Pages are fetched as needed."""
        return (Image.from_answer(row) for row in pages.items(self._transport, "images/"))

    def get(self, image: int | Image) -> Image:
        return Image.from_answer(self._transport.json(Call("GET", f"images/{id_of(image)}/")))

    def update(self, image: int | Image, **changes: Any) -> Image:
        """Change `file_name`, `description`, `tags` or `focal_point`."""
        call = Call("PATCH", f"images/{id_of(image)}/", json=changes)
        return Image.from_answer(self._transport.json(call))

    def delete(self, image: int | Image) -> None:
        """Delete the image with its tasks and results."""
        self._transport.json(Call("DELETE", f"images/{id_of(image)}/"))

    def download(
        self,
        image: int | Image,
        path: str | os.PathLike[str],
        *,
        progress: Progress | None = None,
    ) -> Path:
        """Write the original file to `path`, and return the path."""
        return download(self._transport, f"images/{id_of(image)}/original/", path, progress)


def id_of(image: int | Image) -> int:
    return image if isinstance(image, int) else image.id

"""`client.images`: what you uploaded."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from image_processing_client import pages
from image_processing_client.downloads import download
from image_processing_client.errors import ImportFailed, WaitTimedOut
from image_processing_client.records import Image
from image_processing_client.sources import Progress, Source, Watched, content_type_of, opened
from image_processing_client.transport import IDEMPOTENCY_KEY, Call, Transport

PAUSES = (0.2, 0.5, 1.0, 2.0)  # seconds between two looks at an image that is being imported


class Images:
    """Upload, import, list, show, change, delete."""

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
        """Send a picture to the service's object storage instead of the service itself.

        For large files. Raises `Conflict` with `direct_upload_unavailable` where there is no such
        storage, and whatever `upload` raises. `content_type` is needed for a name that ends in
        none of `CONTENT_TYPES`.
        """
        with opened(source, file_name) as upload:
            announced = {
                "file_name": upload.name,
                "size_bytes": upload.size,
                "content_type": content_type or content_type_of(upload.name),
                **({} if description is None else {"description": description}),
            }
            key = {IDEMPOTENCY_KEY: idempotency_key or uuid.uuid4().hex}
            path = "images/direct-uploads/"
            direct = self._transport.json(Call("POST", path, json=announced, headers=key))
            if direct["image"] is not None:  # this very upload was completed before
                return self.get(direct["image"])
            file = upload.file if progress is None else Watched(upload, progress)
            sent = Call(
                "POST",
                direct["upload"]["url"],
                form=direct["upload"]["fields"],
                files={"file": (upload.name, file)},
                signed=False,  # the form is: the storage must not see who asks
                extra_time=90,
            )
            self._transport.send(sent, lambda answer: answer.read())
            complete = Call("POST", f"{path}{direct['id']}/complete/", extra_time=90)
            return Image.of(self._transport.json(complete))

    def import_url(
        self,
        url: str,
        *,
        file_name: str | None = None,
        description: str | None = None,
        idempotency_key: str | None = None,
    ) -> Image:
        """Have the service fetch a picture; the image is `importing` until `wait` says more.

        Raises `InvalidRequest` for an address that it does not fetch from.
        """
        given = {"url": url, "file_name": file_name, "description": description}
        call = Call(
            "POST",
            "images/import/",
            json={name: value for name, value in given.items() if value is not None},
            headers={IDEMPOTENCY_KEY: idempotency_key or uuid.uuid4().hex},
        )
        return Image.of(self._transport.json(call))

    def wait(self, image: int | Image, *, timeout: float = 600) -> Image:
        """The image once it is `ready`.

        Raises `ImportFailed`, and `WaitTimedOut` after so many seconds.
        """
        end = time.monotonic() + timeout
        for attempt in range(2**31):
            shown = self.get(image)
            if shown.status == "ready":
                return shown
            if shown.status == "failed":
                raise ImportFailed(shown)
            left = end - time.monotonic()
            if left <= 0:
                raise WaitTimedOut(shown, timeout)
            time.sleep(min(PAUSES[min(attempt, len(PAUSES) - 1)], left))
        raise AssertionError("nobody waits so long")

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

"""Download to a file. After an error, the file is unchanged."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import httpx

from image_processing_client.sources import Progress
from image_processing_client.transport import Call, Transport

CHUNK = 256 * 1024


def download(
    transport: Transport, path: str, target: str | os.PathLike[str], progress: Progress | None
) -> Path:
    """Stream an answer into a temporary file beside the target, then rename it.

    Raises `OSError` for problems of the disk. After an error the temporary file is removed.
    """
    final = Path(target)
    partial = final.with_name(f".{final.name[:40]}.{secrets.token_hex(4)}.part")
    # With S3 the answer is a redirect. httpx sends no Authorization header to another host.
    call = Call("GET", path, follow_redirects=True)
    try:
        with partial.open("xb") as file:
            transport.send(call, _write_to(file, progress))
        partial.replace(final)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return final


def _write_to(file: BinaryIO, progress: Progress | None) -> Callable[[httpx.Response], None]:
    def read(response: httpx.Response) -> None:
        file.seek(0)
        file.truncate()
        total = int(response.headers.get("Content-Length", 0))
        done = 0
        for chunk in response.iter_bytes(CHUNK):
            file.write(chunk)
            done += len(chunk)
            if progress is not None:
                progress(done, max(total, done))

    return read

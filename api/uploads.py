"""Stop reading an upload as soon as it is over the limit, and take its digest on the way."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler

from image_processor.engine.errors import FileTooLarge


class LimitedUpload(FileUploadHandler):
    """Counts the bytes of all files of a request; the first handler of the chain.

    Sets `request.upload_sha256`: the hex digest of the last file, so that no one has to read
    it a second time.
    """

    chunk_size = 1024 * 1024

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0
        self.digest = hashlib.sha256()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.digest = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        limit = settings.IMAGE_MAX_FILE_SIZE_MB * 1024 * 1024
        if self.received > limit:
            raise FileTooLarge(
                f"The file is larger than {settings.IMAGE_MAX_FILE_SIZE_MB} MB.",
                limit=limit,
                actual=self.received,
            )
        self.digest.update(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        assert self.request is not None
        self.request.upload_sha256 = self.digest.hexdigest()  # type: ignore[attr-defined]

"""Stop reading an upload as soon as it is over the limit."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler

from image_processor.engine.errors import FileTooLarge


class LimitedUpload(FileUploadHandler):
    """Counts the bytes of all files of a request; the first handler of the chain."""

    chunk_size = 1024 * 1024

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        limit = settings.IMAGE_MAX_FILE_SIZE_MB * 1024 * 1024
        if self.received > limit:
            assert self.request is not None
            for handler in self.request.upload_handlers:
                handler.upload_interrupted()  # what has been written goes now, not some day
            raise FileTooLarge(
                f"The file is larger than {settings.IMAGE_MAX_FILE_SIZE_MB} MB.",
                limit=limit,
                actual=self.received,
            )
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps the file."""

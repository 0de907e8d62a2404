"""Receiving uploads: no byte over the limit, and a full disk is said plainly."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

from image_processor.engine.errors import FileTooLarge
from image_processor.storage.errors import translate_os_error


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


class SpooledUpload(TemporaryFileUploadHandler):
    """Django's temporary files; raises `StorageFull` or `StorageUnavailable` for the disk's."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            raise translate_os_error(error) from error

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            raise translate_os_error(error) from error

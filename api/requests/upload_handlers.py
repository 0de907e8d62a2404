"""Upload handlers of Django: they limit the size of a request, and report a full disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from rest_framework.exceptions import ParseError

from image_processor.engine.errors import FileTooLarge
from image_processor.storage.errors import translate_os_error


class LimitedUpload(FileUploadHandler):
    """Limits the bytes of all files of a request. It is the first handler of the chain."""

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
                handler.upload_interrupted()  # removes the temporary files at once
            raise FileTooLarge(
                f"The file is larger than {settings.IMAGE_MAX_FILE_SIZE_MB} MB.",
                limit=limit,
                actual=self.received,
            )
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Do nothing: the next handler keeps the file."""


class RefusedUpload(FileUploadHandler):
    """Refuses every file."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise ParseError("This form takes no files.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never called."""

    def file_complete(self, file_size: int) -> None:
        """Never called."""


class SpooledUpload(TemporaryFileUploadHandler):
    """Writes temporary files. Raises `StorageFull` or `StorageUnavailable` for disk errors."""

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

"""Upload handlers of Django: they limit the size of a request, and report a full disk."""

from __future__ import annotations

from typing import IO, Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import (
    FileUploadHandler,
    StopFutureHandlers,
    TemporaryFileUploadHandler,
)
from rest_framework.exceptions import ParseError

from api.requests.received_form import ReceivedForm
from image_processor.engine.errors import FileTooLarge
from image_processor.storage.errors import translate_os_error
from utils.file_part import FilePart


class LimitedUpload(FileUploadHandler):
    """Limits the bytes of all files of a request. It comes before the handlers that keep them."""

    chunk_size = 1024 * 1024

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.count(len(raw_data))
        return raw_data

    def count(self, size: int) -> None:
        """Count bytes of a file. Raises `FileTooLarge`."""
        self.received += size
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

    def file_complete(self, file_size: int) -> None:
        """Do nothing: the next handler keeps the file."""


class ReceivedUpload(FileUploadHandler):
    """Takes the files that a `ReceivedForm` has left out. It is the first handler of the chain."""

    def __init__(self, form: ReceivedForm, request: Any) -> None:
        super().__init__(request)
        self._form = form
        self._part: FilePart | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._part = self._form.file(self.content_type or "")
        if self._part is None:
            return
        assert self.request is not None
        for handler in self.request.upload_handlers:
            if isinstance(handler, LimitedUpload):
                handler.count(self._part.size)
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None if self._part else raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self._part is None:
            return None
        return UploadedFile(cast(IO[bytes], self._part), self.file_name, size=self._part.size)


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

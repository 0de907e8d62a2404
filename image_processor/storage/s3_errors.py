"""Translation of botocore's errors into the errors of the storage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from image_processor.storage.errors import (
    ObjectChanged,
    ObjectMissing,
    StorageFull,
    StorageUnavailable,
)

_FULL_CODES = ("QuotaExceeded", "XMinioStorageFull", "InsufficientCapacity")


@contextmanager
def translate_s3_errors() -> Iterator[None]:
    """Raise an error of `storage.errors` in place of botocore's, which becomes its cause."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code == "NoSuchKey":
            raise ObjectMissing("The file is missing from the storage.") from error
        if code == "PreconditionFailed":
            raise ObjectChanged("The file was replaced in the storage.") from error
        if code in _FULL_CODES:
            raise StorageFull("The object storage is full; nothing was stored.") from error
        raise StorageUnavailable(f"The object storage refused with {code}.") from error
    except (BotoCoreError, OSError) as error:
        raise StorageUnavailable("The object storage is not responding.") from error


def is_not_found(error: StorageUnavailable) -> bool:
    """Return whether the error stands for an answer with status 404."""
    cause = error.__cause__
    if not isinstance(cause, ClientError):
        return False
    status: int = cause.response["ResponseMetadata"]["HTTPStatusCode"]
    return status == 404

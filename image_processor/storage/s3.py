"""S3 and everything that speaks its protocol, behind Django's storage API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from botocore.auth import SIGV4_TIMESTAMP, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

from image_processor.storage.errors import ObjectMissing, StorageFull, StorageUnavailable
from image_processor.storage.windows import LinkWindow


class _WindowedAuth(S3SigV4QueryAuth):  # type: ignore[misc]
    """Presigns as of the start of the link window, so that links repeat within it."""

    def __init__(self, *args: Any, signed_at: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._signed_at = datetime.fromtimestamp(signed_at, UTC)

    def add_auth(self, request: AWSRequest) -> None:
        """botocore's own steps, with our time in place of now."""
        request.context["timestamp"] = self._signed_at.strftime(SIGV4_TIMESTAMP)
        self._modify_request_before_signing(request)
        canonical = self.canonical_request(request)
        signature = self.signature(self.string_to_sign(request, canonical), request)
        self._inject_signature_to_request(request, signature)


@contextmanager
def _spoken_plainly() -> Iterator[None]:
    """Turn botocore's errors into ours."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in ("NoSuchKey", "404"):
            raise ObjectMissing("The file is gone from the storage.") from error
        if code in ("QuotaExceeded", "XMinioStorageFull", "InsufficientCapacity"):
            raise StorageFull("The object storage is full; nothing was stored.") from error
        raise StorageUnavailable(f"The object storage refused with {code}.") from error
    except (BotoCoreError, OSError) as error:
        raise StorageUnavailable("The object storage does not answer.") from error


class PrivateS3Storage(S3Storage):  # type: ignore[misc]
    """A private bucket; objects are reached by presigned links only."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **options,
            file_overwrite=False,
            default_acl=None,
            querystring_auth=True,
            custom_domain=None,
            signature_version="s3v4",
            client_config=Config(
                connect_timeout=3,
                read_timeout=15,
                retries={"mode": "standard", "max_attempts": 3},
                signature_version="s3v4",
                s3={"addressing_style": options.get("addressing_style", "auto")},
            ),
        )

    def put(self, key: str, content: File[Any] | bytes, content_type: str) -> None:
        """Write a new object. Keys are used once, so nothing is looked for or overwritten."""
        file = ContentFile(content) if isinstance(content, bytes) else content
        file.seek(0)
        with _spoken_plainly():
            self.connection.meta.client.upload_fileobj(
                _Unclosed(file), self.bucket_name, key, ExtraArgs={"ContentType": content_type}
            )

    def get(self, key: str) -> bytes:
        """The bytes of an object."""
        with _spoken_plainly():
            answer = self.connection.meta.client.get_object(Bucket=self.bucket_name, Key=key)
            body: bytes = answer["Body"].read()
        return body

    def open_local(self, key: str) -> File[Any] | None:
        """None: the bytes are reached by a link."""
        return None

    def delete(self, name: str) -> None:
        with _spoken_plainly():
            super().delete(name)

    def link(self, key: str, *, content_type: str, disposition: str) -> str:
        """A presigned link that expires with the current window.

        Type and disposition are ours, whatever the object was stored with.
        """
        window = LinkWindow.current()
        unsigned = self.unsigned_connection.meta.client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self.bucket_name,
                "Key": key,
                "ResponseContentType": content_type,
                "ResponseContentDisposition": disposition,
            },
        )
        request = AWSRequest("GET", unsigned)
        credentials = self.connection.meta.client._request_signer._credentials
        auth = _WindowedAuth(
            credentials.get_frozen_credentials(),
            "s3",
            self.region_name,
            expires=settings.LINK_LIFETIME_SECONDS,
            signed_at=window.start,
        )
        auth.add_auth(request)
        return str(request.url)

    def probe(self) -> None:
        """Raise `StorageUnavailable` unless the bucket answers."""
        with _spoken_plainly():
            self.connection.meta.client.head_bucket(Bucket=self.bucket_name)


class _Unclosed:
    """Keeps s3transfer from closing a file that is still needed."""

    def __init__(self, file: File[Any]) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._file.read(size)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._file.seek(offset, whence) or 0)

    def tell(self) -> int:
        return int(self._file.tell())

"""S3 and everything that speaks its protocol, behind Django's storage API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import quote, urlsplit

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from django.conf import settings
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

from image_processor.storage import Listed
from image_processor.storage.chunks import CHUNK_BYTES
from image_processor.storage.direct import Seen, UploadForm
from image_processor.storage.errors import (
    ObjectChanged,
    ObjectMissing,
    StorageFull,
    StorageUnavailable,
)
from image_processor.storage.presigning import presigned
from image_processor.storage.windows import LinkWindow

PAGE = 1_000  # objects asked for at once, the most that S3 gives

_FULL = ("QuotaExceeded", "XMinioStorageFull", "InsufficientCapacity")


@contextmanager
def _spoken_plainly() -> Iterator[None]:
    """Turn botocore's errors into ours."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code == "NoSuchKey":
            raise ObjectMissing("The file is gone from the storage.") from error
        if code == "PreconditionFailed":
            raise ObjectChanged("The file was replaced in the storage.") from error
        if code in _FULL:
            raise StorageFull("The object storage is full; nothing was stored.") from error
        raise StorageUnavailable(f"The object storage refused with {code}.") from error
    except (BotoCoreError, OSError) as error:
        raise StorageUnavailable("The object storage does not answer.") from error


def _is_not_found(error: BaseException | None) -> bool:
    if not isinstance(error, ClientError):
        return False
    status: int = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return status == 404


class PrivateS3Storage(S3Storage):  # type: ignore[misc]
    """A private bucket; objects are reached by presigned links only."""

    def __init__(self, *, addressing_style: str = "auto", **options: Any) -> None:
        if addressing_style == "auto" and not options.get("endpoint_url"):
            # At AWS, "auto" puts the region-less host into links of other regions than the first;
            # it answers with a redirect to a host that the signature does not hold for.
            addressing_style = "virtual"
        super().__init__(
            **options,
            file_overwrite=False,
            default_acl=None,
            querystring_auth=True,
            querystring_expire=settings.LINK_LIFETIME_SECONDS,
            custom_domain=None,
            client_config=Config(
                connect_timeout=3,
                read_timeout=15,
                retries={"mode": "standard", "total_max_attempts": 3},
                signature_version="s3v4",
                # The checksums that AWS added in 2025 are refused by many other servers. The
                # signature covers the body's digest anyway.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                s3={"addressing_style": addressing_style},
            ),
        )

    def put(self, key: str, content: File[Any] | bytes, content_type: str) -> None:
        """Write a new object. Keys are used once, so nothing is looked for or overwritten.

        In one request: parts that a killed process leaves behind would be in no row of ours.
        """
        file = ContentFile(content) if isinstance(content, bytes) else content
        with _spoken_plainly():
            file.seek(0)
            self._client.put_object(
                Bucket=self.bucket_name, Key=key, Body=file, ContentType=content_type
            )

    def get(self, key: str) -> bytes:
        """The bytes of an object."""
        with _spoken_plainly():
            answer = self._client.get_object(Bucket=self.bucket_name, Key=key)
            with closing(answer["Body"]) as stream:
                body: bytes = stream.read()
        return body

    def chunks(self, key: str) -> Iterator[bytes]:
        """The bytes of an object, piece by piece, from one request."""
        with _spoken_plainly():
            answer = self._client.get_object(Bucket=self.bucket_name, Key=key)
        return self._pieces(answer["Body"])

    def _pieces(self, body: Any) -> Iterator[bytes]:
        with closing(body):
            while True:
                with _spoken_plainly():
                    piece: bytes = body.read(CHUNK_BYTES)
                if not piece:
                    return
                yield piece

    def open_local(self, key: str) -> File[Any] | None:
        """None: the bytes are reached by a link."""
        return None

    def delete(self, name: str) -> None:
        """Remove an object; one that is not there is fine, a bucket that is not there is not."""
        try:
            with _spoken_plainly():
                self._client.delete_object(Bucket=self.bucket_name, Key=name)
        except ObjectMissing:
            return  # some servers say so, S3 itself does not

    def link(self, key: str, *, content_type: str, disposition: str) -> str:
        """A presigned link that expires with the current window.

        Type and disposition are ours, whatever the object was stored with.
        """
        window = LinkWindow.current()
        with _spoken_plainly():
            return presigned(
                f"{self._objects_address}{quote(key, safe='/~')}",
                {
                    "response-content-type": content_type,
                    "response-content-disposition": disposition,
                    "response-cache-control": f"private, max-age={window.lifetime}",
                },
                credentials=self._credentials,
                region=self.region_name,
                signed_at=window.start,
                lifetime=window.lifetime,
            )

    def upload_form(
        self, key: str, *, content_type: str, size_bytes: int, until: datetime
    ) -> UploadForm:
        """A presigned POST: the store itself refuses another key, another type and another size.

        Not every server that speaks S3's language does; whoever takes the object in looks again.
        """
        with _spoken_plainly():
            client = self._client  # making one takes a while, for which the form must not live
            left = int((until - datetime.now(UTC)).total_seconds())
            form = client.generate_presigned_post(
                self.bucket_name,
                key,
                Fields={"Content-Type": content_type},
                Conditions=[
                    {"Content-Type": content_type},
                    ["content-length-range", size_bytes, size_bytes],
                ],
                ExpiresIn=left,
            )
        return UploadForm(form["url"], form["fields"])

    def look(self, key: str) -> Seen:
        """Size and ETag of an object, without its bytes."""
        try:
            with _spoken_plainly():
                head = self._client.head_object(Bucket=self.bucket_name, Key=key)
        except StorageUnavailable as error:
            if not _is_not_found(error.__cause__):
                raise
            self.probe()  # an answer without a body does not say whether it is the bucket
            raise ObjectMissing("There is no such file in the storage.") from error
        return Seen(head["ContentLength"], head["ETag"])

    def copy(self, source: str, key: str, *, etag: str, content_type: str) -> None:
        """Copy an object inside the bucket."""
        with _spoken_plainly():
            self._client.copy_object(
                Bucket=self.bucket_name,
                Key=key,
                CopySource={"Bucket": self.bucket_name, "Key": source},
                CopySourceIfMatch=etag,
                MetadataDirective="REPLACE",
                ContentType=content_type,
            )

    def has(self, key: str) -> bool:
        """Whether there is such an object.

        By listing: HEAD cannot tell a missing object from a missing bucket.
        """
        return any(found.key == key for found in islice(self.listed(key), 1))

    def listed(self, prefix: str) -> Iterator[Listed]:
        """Every object under a prefix."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name, Prefix=prefix, PaginationConfig={"PageSize": PAGE}
        )
        with _spoken_plainly():
            for page in pages:
                for item in page.get("Contents", []):
                    yield Listed(item["Key"], item["Size"], item["LastModified"])

    def probe(self) -> None:
        """Raise `StorageUnavailable` unless the bucket answers."""
        with _spoken_plainly():
            self._client.head_bucket(Bucket=self.bucket_name)

    @property
    def _client(self) -> Any:
        return self.connection.meta.client

    @cached_property
    def origin(self) -> str:
        """Where links lead: scheme, host and port."""
        return "{0.scheme}://{0.netloc}".format(urlsplit(self._objects_address))

    @cached_property
    def _objects_address(self) -> str:
        """What a key is appended to; botocore knows how the bucket is addressed.

        Without a signature, so that no keys are needed: every answer's headers name the origin,
        those of a service whose keys cannot be had, too.
        """
        link: str = self.unsigned_connection.meta.client.generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket_name, "Key": "key"}
        )
        return link.removesuffix("key")

    @cached_property
    def _credentials(self) -> Any:
        """Keys from the settings, or wherever botocore finds some; it renews those that end."""
        credentials = self._create_session().get_credentials()
        if credentials is None:
            raise NoCredentialsError
        return credentials

"""Storage in S3, or in a server that speaks its protocol."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import quote, urlsplit

from botocore.config import Config
from botocore.exceptions import NoCredentialsError
from django.conf import settings
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

from image_processor.storage import CHUNK_BYTES, ListedObject
from image_processor.storage.direct_uploads import ObjectVersion, UploadForm
from image_processor.storage.errors import ObjectMissing, StorageUnavailable
from image_processor.storage.link_window import LinkWindow
from image_processor.storage.s3_digest import add_content_md5
from image_processor.storage.s3_errors import is_not_found, translate_s3_errors
from image_processor.storage.s3_presigning import presign_form, presign_link

PAGE = 1_000  # objects per request of a listing, the most that S3 allows


class PrivateS3Storage(S3Storage):  # type: ignore[misc]
    """A private bucket; clients reach its objects by presigned links only."""

    def __init__(self, *, addressing_style: str = "auto", **options: Any) -> None:
        if addressing_style == "auto" and not options.get("endpoint_url"):
            # "auto" makes links to the host without a region. In regions other than the first, AWS
            # redirects them to another host, for which the signature is not valid.
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
                # Many other servers refuse the checksums that AWS added in 2025. The signature
                # covers the digest of the body anyway.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                s3={"addressing_style": addressing_style},
            ),
        )

    def put(self, key: str, content: File[Any] | bytes, content_type: str) -> None:
        """Write a new object, in one request.

        A killed process would leave the parts of a multipart upload behind, and no row would
        name them. A key is used once, so nothing can be overwritten.
        """
        file = ContentFile(content) if isinstance(content, bytes) else content
        with translate_s3_errors():
            file.seek(0)
            self._client.put_object(
                Bucket=self.bucket_name, Key=key, Body=file, ContentType=content_type
            )

    def get(self, key: str) -> bytes:
        """Return the bytes of an object."""
        with translate_s3_errors(), closing(self._open_body(key)) as body:
            content: bytes = body.read()
        return content

    def chunks(self, key: str) -> Iterator[bytes]:
        """Return an iterator over the bytes of an object, read from one request."""
        with translate_s3_errors():
            body = self._open_body(key)
        return self._read_chunks(body)

    def open_local(self, key: str) -> File[Any] | None:
        """Return None: the storage is remote."""
        return None

    def delete(self, name: str) -> None:
        """Remove an object. Does nothing if it does not exist, but the bucket must exist."""
        try:
            with translate_s3_errors():
                self._client.delete_object(Bucket=self.bucket_name, Key=name)
        except ObjectMissing:
            return  # some servers report a missing object as an error; S3 does not

    def delete_all(self, keys: Collection[str]) -> dict[str, str]:
        """Remove objects, up to `PAGE` in one request."""
        names = iter(keys)
        failed: dict[str, str] = {}
        while page := [{"Key": key} for key in islice(names, PAGE)]:
            with translate_s3_errors():
                answer = self._client.delete_objects(
                    Bucket=self.bucket_name, Delete={"Objects": page, "Quiet": True}
                )
            failed |= {
                error["Key"]: f"{error['Code']}: {error.get('Message', '')}"
                for error in answer.get("Errors", [])
                if error["Code"] != "NoSuchKey"
            }
        return failed

    def link(
        self,
        key: str,
        *,
        content_type: str,
        disposition: str,
        picture: str = "",
        window: LinkWindow | None = None,
    ) -> str:
        """Return a presigned link that expires with the links of the window.

        The answer has this type and disposition, whatever the object was stored with.
        """
        with translate_s3_errors():
            credentials = self._credentials
            # A link ends with the session whose token it has, so a longer window promises too much.
            if window is None or credentials.token:
                window = LinkWindow.current()
            return presign_link(
                f"{self._objects_address}{quote(key, safe='/~')}",
                {
                    "response-content-type": content_type,
                    "response-content-disposition": disposition,
                    "response-cache-control": f"private, max-age={window.lifetime}",
                },
                credentials=credentials,
                region=self.region_name,
                signed_at=window.start,
                lifetime=window.lifetime,
            )

    def sign_upload_form(
        self, key: str, *, content_type: str, size_bytes: int, until: datetime
    ) -> UploadForm:
        """Return a presigned POST that expires at `until`."""
        with translate_s3_errors():
            return presign_form(
                self._client,
                self.bucket_name,
                key,
                content_type=content_type,
                size_bytes=size_bytes,
                until=until,
            )

    def stat(self, key: str) -> ObjectVersion:
        """Return size and ETag of an object, without its bytes."""
        try:
            with translate_s3_errors():
                head = self._client.head_object(Bucket=self.bucket_name, Key=key)
        except StorageUnavailable as error:
            if not is_not_found(error):
                raise
            # The answer to HEAD does not say whether the bucket or the object is missing.
            self.probe()
            raise ObjectMissing("The file is missing from the storage.") from error
        return ObjectVersion(head["ContentLength"], head["ETag"])

    def copy(self, source: str, key: str, *, etag: str, content_type: str) -> None:
        """Copy an object inside the bucket."""
        with translate_s3_errors():
            self._client.copy_object(
                Bucket=self.bucket_name,
                Key=key,
                CopySource={"Bucket": self.bucket_name, "Key": source},
                CopySourceIfMatch=etag,
                MetadataDirective="REPLACE",
                ContentType=content_type,
            )

    def has(self, key: str) -> bool:
        """Return whether the object exists.

        Lists, because HEAD cannot tell a missing object from a missing bucket.
        """
        return any(item.key == key for item in islice(self.list_objects(key), 1))

    def list_objects(self, prefix: str) -> Iterator[ListedObject]:
        """List every object whose key starts with `prefix`."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name, Prefix=prefix, PaginationConfig={"PageSize": PAGE}
        )
        with translate_s3_errors():
            for page in pages:
                for item in page.get("Contents", []):
                    yield ListedObject(item["Key"], item["Size"], item["LastModified"])

    def probe(self) -> None:
        """Raise `StorageUnavailable` unless the bucket answers."""
        with translate_s3_errors():
            self._client.head_bucket(Bucket=self.bucket_name)

    @cached_property
    def origin(self) -> str:
        """The scheme, host and port of links."""
        return "{0.scheme}://{0.netloc}".format(urlsplit(self._objects_address))

    @property
    def _client(self) -> Any:
        client = self.connection.meta.client
        client.meta.events.register(
            "before-sign.s3.DeleteObjects", add_content_md5, unique_id="content-md5"
        )
        return client

    def _open_body(self, key: str) -> Any:
        return self._client.get_object(Bucket=self.bucket_name, Key=key)["Body"]

    def _read_chunks(self, body: Any) -> Iterator[bytes]:
        with closing(body):
            while True:
                with translate_s3_errors():
                    chunk: bytes = body.read(CHUNK_BYTES)
                if not chunk:
                    return
                yield chunk

    @cached_property
    def _objects_address(self) -> str:
        """The address to which a key is appended, as botocore addresses the bucket.

        It is made without a signature and thus without credentials. The headers of every answer
        name the origin, even while botocore finds no credentials.
        """
        link: str = self.unsigned_connection.meta.client.generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket_name, "Key": "key"}
        )
        return link.removesuffix("key")

    @cached_property
    def _credentials(self) -> Any:
        """The credentials in the settings, or those that botocore finds and renews."""
        credentials = self._create_session().get_credentials()
        if credentials is None:
            raise NoCredentialsError
        return credentials

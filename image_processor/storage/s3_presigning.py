"""Presigned S3 links and upload forms (Signature Version 4).

botocore signs links with the present time, so each link would differ from the one before. Links
signed with the start of the link window are equal within the window.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.auth import SIGV4_TIMESTAMP, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest

from image_processor.storage.direct_uploads import UploadForm


class _DatedAuth(S3SigV4QueryAuth):  # type: ignore[misc]
    def __init__(self, *args: Any, signed_at: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._signed_at = datetime.fromtimestamp(signed_at, UTC)

    def add_auth(self, request: AWSRequest) -> None:
        """Do the steps of the method that this overrides, with `signed_at` in place of now."""
        request.context["timestamp"] = self._signed_at.strftime(SIGV4_TIMESTAMP)
        self._modify_request_before_signing(request)
        canonical = self.canonical_request(request)
        signature = self.signature(self.string_to_sign(request, canonical), request)
        self._inject_signature_to_request(request, signature)


def presign_link(
    address: str,
    parameters: Mapping[str, str],
    *,
    credentials: Any,
    region: str,
    signed_at: int,
    lifetime: int,
) -> str:
    """Return a link to GET `address` from `signed_at` (Unix time) on for `lifetime` seconds.

    `parameters` become part of the query and of the signature. Temporary credentials add their
    session token to the query; the link ends when they end.
    """
    request = AWSRequest("GET", address, params=dict(parameters))
    auth = _DatedAuth(
        credentials.get_frozen_credentials(), "s3", region, expires=lifetime, signed_at=signed_at
    )
    auth.add_auth(request)
    return str(request.url)


def presign_form(
    client: Any, bucket: str, key: str, *, content_type: str, size_bytes: int, until: datetime
) -> UploadForm:
    """Return a presigned POST for one object of this key, type and exact size.

    S3 itself refuses any other upload. Some servers that speak its protocol do not, so the size
    and the content have to be checked afterwards.
    """
    form = client.generate_presigned_post(
        bucket,
        key,
        Fields={"Content-Type": content_type},
        Conditions=[
            {"Content-Type": content_type},
            ["content-length-range", size_bytes, size_bytes],
        ],
        ExpiresIn=int((until - datetime.now(UTC)).total_seconds()),
    )
    return UploadForm(form["url"], form["fields"])

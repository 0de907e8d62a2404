"""Presigned S3 links (Signature Version 4 in the query) as of a time of our choice.

botocore signs as of now, so each link would differ from the one before. Signed as of the start
of the link window, an object has the same link for a while.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.auth import SIGV4_TIMESTAMP, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest


class _DatedAuth(S3SigV4QueryAuth):  # type: ignore[misc]
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


def presigned(
    address: str,
    parameters: Mapping[str, str],
    *,
    credentials: Any,
    region: str,
    signed_at: int,
    lifetime: int,
) -> str:
    """A link to GET `address` that works from `signed_at` (Unix time) for `lifetime` seconds.

    `parameters` go into the query and are signed with it. Temporary credentials put their
    session token there; when they end, so does the link.
    """
    request = AWSRequest("GET", address, params=dict(parameters))
    auth = _DatedAuth(
        credentials.get_frozen_credentials(), "s3", region, expires=lifetime, signed_at=signed_at
    )
    auth.add_auth(request)
    return str(request.url)

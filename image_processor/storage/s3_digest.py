"""The digest that a request to remove several objects must have."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Any


def add_content_md5(request: Any, **context: Any) -> None:
    """Add `Content-MD5`. Since 2025 botocore sends a CRC32 instead, which many servers refuse."""
    body = request.data if isinstance(request.data, bytes) else request.data.encode()
    digest = hashlib.md5(body, usedforsecurity=False).digest()
    request.headers["Content-MD5"] = b64encode(digest).decode()

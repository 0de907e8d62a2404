"""Secrets and signatures of Standard Webhooks 1.0."""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable

PREFIX = "whsec_"


def new_secret() -> str:
    """Return 256 random bits, in the form that receivers' libraries expect."""
    return PREFIX + b64encode(secrets.token_bytes(32)).decode()


def signature_header(using: Iterable[str], *, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the value of `webhook-signature`: one signature for each secret."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digests = (
        hmac.digest(b64decode(each.removeprefix(PREFIX)), signed, "sha256") for each in using
    )
    return " ".join(f"v1,{b64encode(digest).decode()}" for digest in digests)

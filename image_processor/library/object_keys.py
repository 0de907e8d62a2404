"""What identifies a stored object: its fingerprint and its key in the storage.

A fingerprint is a digest of everything that the bytes depend on, so equal fingerprints share one
object. A key is used for one write only.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

from image_processor.engine import engine_version

# Everything that a signed link can lead to lies below one prefix, so that a site can allow it.
RESULTS = "images/results/"
_SOURCES = "images/sources/"
_DERIVED = "images/derived/"
_INCOMING = "incoming/"

# The key of every object of this service starts with one of these.
PREFIXES = (_DERIVED, RESULTS, _SOURCES, _INCOMING)


def upload_fingerprint(owner_id: int, sha256: str) -> str:
    """Fingerprint of bytes that an owner uploads."""
    return _digest({"owner": owner_id, "upload": sha256})


def result_fingerprint(owner_id: int, source_sha256: str, pipeline: dict[str, Any]) -> str:
    """Fingerprint of the result of a canonical pipeline, by this engine and its codecs."""
    return _digest(
        {
            "owner": owner_id,
            "source": source_sha256,
            "pipeline": pipeline,
            "engine": engine_version(),
        }
    )


def derived_fingerprint(fingerprint: str, kind: str) -> str:
    """Fingerprint of a thumbnail or proxy (`kind`) of the object with this fingerprint."""
    return _digest({"derived": kind, "of": fingerprint})


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def incoming_key() -> str:
    """A random key that a client may write to with a form. No `StoredObject` has such a key."""
    name = uuid.uuid4().hex
    return f"{_INCOMING}{name[:2]}/{name}"


def upload_key(extension: str) -> str:
    """A random key for a source."""
    name = uuid.uuid4().hex
    return f"{_SOURCES}{name[:2]}/{name}.{extension}"


def result_key(fingerprint: str, lease_token: uuid.UUID, extension: str) -> str:
    """A key that no other attempt writes."""
    return f"{RESULTS}{fingerprint[:2]}/{fingerprint}-{lease_token.hex}.{extension}"


def derived_key(fingerprint: str, lease_token: uuid.UUID, extension: str) -> str:
    """A key for a thumbnail or proxy, that no other attempt writes."""
    return f"{_DERIVED}{fingerprint[:2]}/{fingerprint}-{lease_token.hex}.{extension}"

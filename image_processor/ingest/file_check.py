"""The check of every incoming file, whether by upload, import or direct upload."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, BinaryIO

from image_processor import configured_limits
from image_processor.engine import Facts, content_type, inspect
from image_processor.library import object_keys


@dataclass(frozen=True)
class CheckedFile:
    """A file that is an acceptable picture, with the facts that the engine found in it."""

    owner_id: int
    file: BinaryIO
    facts: Facts
    sha256: str

    @property
    def fingerprint(self) -> str:
        return object_keys.upload_fingerprint(self.owner_id, self.sha256)

    @property
    def metadata(self) -> dict[str, Any]:
        return {
            **self.facts.to_dict(),
            "sha256": self.sha256,
            "dominant_colors": None,
            "thumbhash": None,
        }

    @property
    def fields(self) -> dict[str, Any]:
        """Fields of its `StoredObject`."""
        return {
            "owner_id": self.owner_id,
            "size_bytes": self.facts.size_bytes,
            "content_type": content_type(self.facts.format),
            "metadata": self.metadata,
        }


def check(owner_id: int, file: BinaryIO) -> CheckedFile:
    """Inspect a file without decoding a pixel. Raises what `engine.inspect` raises."""
    file.seek(0)
    facts = inspect(file, configured_limits.limits())
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    return CheckedFile(owner_id, file, facts, sha256)

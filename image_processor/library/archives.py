"""ZIP archives of pictures, written while they are sent.

The service holds one chunk at a time, in memory only. Pictures are compressed already, so the
archive stores them uncompressed. Its last entry, `errors.txt`, names the pictures that are missing.
When the storage fails in the middle of a picture, the archive ends without its directory, so every
reader sees that it is broken.
"""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from image_processor.library.images import UnknownImage
from image_processor.library.readiness import stored_of
from image_processor.models import SourceImage, TransformedImage
from image_processor.storage import file_names, object_storage
from image_processor.storage.errors import ObjectMissing
from utils.errors import DomainError, Problem

ERRORS = "errors.txt"
# The longest name that all common file systems accept.
MAX_NAME_BYTES = 240


class NothingToDownload(DomainError):
    code = "nothing_to_download"
    status = 409
    title = "No result to download"


class UnknownResult(DomainError):
    code = "unknown_result"
    status = 404
    title = "Result not found"


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture of an archive."""

    label: str  # for people: "result 7"
    name: str
    key: str
    size_bytes: int
    made_at: datetime


def entries(pictures: Iterable[SourceImage | TransformedImage]) -> list[Entry]:
    """The entries of an archive of these images or results, each under a name of its own.

    Names that differ only in case count as equal, because they would overwrite each other on many
    systems. Raises `NothingToDownload` for no pictures, and `ImageNotReady`.
    """
    taken = {ERRORS: 1}
    found = [
        Entry(
            f"{_word(type(picture))} {picture.pk}",
            _own_name(picture.file_name, taken),
            stored.key,
            stored.size_bytes,
            picture.created_at,
        )
        for picture, stored in ((one, stored_of(one)) for one in pictures)
    ]
    if not found:
        raise NothingToDownload("There is no successful result to download.")
    return found


def require_known(
    ids: Sequence[int], known: Collection[int], kind: type[SourceImage | TransformedImage]
) -> None:
    """Raise `UnknownImage` or `UnknownResult` that names the ids that are not known."""
    error = UnknownResult if kind is TransformedImage else UnknownImage
    unknown = [
        Problem(f"/ids/{index}", error.code, f"You have no {_word(kind)} {pk}.", actual=pk)
        for index, pk in enumerate(ids)
        if pk not in known
    ]
    if unknown:
        raise error(unknown[0].detail, errors=unknown[:50])


def stream(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The bytes of the archive, in pieces of about a chunk.

    Raises `StorageUnavailable` when the storage fails on the way.
    """
    sink = _Sink()
    errors: list[str] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for entry in entries:
            try:
                pieces = object_storage().chunks(entry.key)
            except ObjectMissing:
                errors.append(f"{entry.name}: {entry.label} is gone from the storage.")
                continue
            sent = 0
            with closing(pieces), archive.open(_info(entry), "w") as file:  # type: ignore[type-var]
                for piece in pieces:
                    file.write(piece)
                    sent += len(piece)
                    yield sink.taken()
            if sent != entry.size_bytes:
                errors.append(f"{entry.name}: has {sent} bytes in place of {entry.size_bytes}.")
        if errors:
            archive.writestr(ERRORS, "\n".join([*errors, ""]))
    yield sink.taken()


class _Sink:
    """A file without seeking that keeps only the bytes that were not taken yet."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def _word(kind: type[SourceImage | TransformedImage]) -> str:
    return "result" if kind is TransformedImage else "image"


def _info(entry: Entry) -> zipfile.ZipInfo:
    moment = entry.made_at.astimezone(UTC)
    info = zipfile.ZipInfo(entry.name, moment.timetuple()[:6])
    info.external_attr = 0o644 << 16
    info.file_size = entry.size_bytes  # so that large ones are written as Zip64
    return info


def _own_name(name: str, taken: dict[str, int]) -> str:
    """A safe name that no other entry has: `photo.png`, `photo (2).png`, ...

    `taken` maps each name to the highest number that was tried with it.
    """
    safe = PurePosixPath(file_names.clean(name))
    stem, number = safe.stem.lstrip(".") or "image", 1
    own = first = _cut(stem, safe.suffix)
    while _compared(own) in taken:
        number = taken[_compared(first)] = taken[_compared(first)] + 1
        own = _cut(stem, f" ({number}){safe.suffix}")
    taken[_compared(own)] = 1
    return own


def _compared(name: str) -> str:
    """A form that is equal for names that many file systems treat as the same."""
    return unicodedata.normalize("NFC", name).casefold()


def _cut(stem: str, rest: str) -> str:
    """`stem` and `rest` as a name of at most `MAX_NAME_BYTES` in UTF-8, by cutting the stem."""
    room = MAX_NAME_BYTES - len(rest.encode())
    return stem.encode()[:room].decode(errors="ignore") + rest

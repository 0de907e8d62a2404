"""ZIP archives of pictures, written while they are sent.

Nothing but one chunk is held at a time, neither in memory nor on a disk. Pictures are compressed
already, so they are stored as they are. What cannot be in the archive is named in its last entry,
`errors.txt`, so that it is never silently short; and when the storage fails in the middle of a
picture, the archive ends without its directory, which no reader takes for a whole one.
"""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from image_processor.library import file_names
from image_processor.library.images import UnknownImage
from image_processor.library.links import may_download
from image_processor.library.readiness import stored_of
from image_processor.models import SourceImage, TransformedImage
from image_processor.storage import object_storage
from image_processor.storage.errors import ObjectMissing
from utils.errors import DomainError, Problem

ERRORS = "errors.txt"
# What file systems take as the name of a file.
MAX_NAME_BYTES = 240


class NothingToDownload(DomainError):
    code = "nothing_to_download"
    status = 409
    title = "There is no result yet"


class UnknownResult(DomainError):
    code = "unknown_result"
    status = 404
    title = "There is no such result of yours"


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture of an archive; without a `key` it may not be downloaded."""

    label: str  # for people: "result 7"
    name: str
    key: str | None
    size_bytes: int
    made_at: datetime


def entries(pictures: Iterable[SourceImage | TransformedImage]) -> list[Entry]:
    """What an archive of these images or results holds, each under a name of its own.

    Names that differ only in case would overwrite each other on many systems, so they count as
    the same. Raises `NothingToDownload` when there is none, and
    `ImageNotReady`.
    """
    taken = {ERRORS: 1}
    found = [
        Entry(
            f"{_word(type(picture))} {picture.pk}",
            _own_name(picture.file_name, taken),
            stored.key if _may_download(picture) else None,
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
    """Raise `UnknownImage` or `UnknownResult` naming the ids that are not among the known ones."""
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
                pieces = _opened(entry)
            except ObjectMissing:
                errors.append(f"{entry.name}: {entry.label} is gone from the storage.")
                continue
            if pieces is None:
                errors.append(f"{entry.name}: {entry.label} may not be downloaded.")
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
    """A file that cannot be rewound, and that keeps only what nobody has taken yet."""

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


def _may_download(picture: SourceImage | TransformedImage) -> bool:
    """Originals are the owner's own; what the policy locks are results."""
    return isinstance(picture, SourceImage) or may_download(picture)


def _opened(entry: Entry) -> Iterator[bytes] | None:
    return None if entry.key is None else object_storage().chunks(entry.key)


def _info(entry: Entry) -> zipfile.ZipInfo:
    moment = entry.made_at.astimezone(UTC)
    info = zipfile.ZipInfo(entry.name, moment.timetuple()[:6])
    info.external_attr = 0o644 << 16
    info.file_size = entry.size_bytes  # so that large ones are written as Zip64
    return info


def _own_name(name: str, taken: dict[str, int]) -> str:
    """A safe name that nobody has taken: `photo.png`, `photo (2).png`, ...

    `taken` maps each to the highest number that was tried behind it.
    """
    safe = PurePosixPath(file_names.from_upload(name))
    stem, number = safe.stem.lstrip(".") or "image", 1
    own = first = _cut(stem, safe.suffix)
    while _compared(own) in taken:
        number = taken[_compared(first)] = taken[_compared(first)] + 1
        own = _cut(stem, f" ({number}){safe.suffix}")
    taken[_compared(own)] = 1
    return own


def _compared(name: str) -> str:
    """What is the same for names that many file systems take for the same."""
    return unicodedata.normalize("NFC", name).casefold()


def _cut(stem: str, rest: str) -> str:
    """The two as one name of at most `MAX_NAME_BYTES` in UTF-8, shortened in the stem."""
    room = MAX_NAME_BYTES - len(rest.encode())
    return stem.encode()[:room].decode(errors="ignore") + rest

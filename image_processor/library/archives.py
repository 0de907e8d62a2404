"""ZIP archives of pictures, written while they are sent.

The service holds one chunk at a time, in memory only. Pictures are compressed already, so the
archive stores them uncompressed. Its last entry, `errors.txt`, names the pictures that are missing.
When the storage fails in the middle of a picture, the archive ends without its directory, so every
reader sees that it is broken.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from image_processor.library.images import UnknownImage
from image_processor.library.readiness import require_object
from image_processor.models import SourceImage, TransformedImage
from image_processor.storage import file_names, object_storage
from image_processor.storage.errors import ObjectMissing
from utils.errors import DomainError, Problem

ERRORS = "errors.txt"
# The longest name that all common file systems accept.
MAX_NAME_BYTES = 240
# Windows refuses these characters, and stems that are names of devices.
_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9¹²³]", re.IGNORECASE)


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
    created_at: datetime


def build_entries(pictures: Iterable[SourceImage | TransformedImage]) -> list[Entry]:
    """Return the entries of an archive of these images or results, each with a unique name.

    Names that differ only in case count as equal, because they would overwrite each other on many
    systems. Raises `NothingToDownload` for no pictures, and `ImageNotReady`.
    """
    counts = {ERRORS: 1}
    entries = [
        Entry(
            f"{_noun(type(picture))} {picture.pk}",
            _choose_unique_name(picture.file_name, counts),
            stored.key,
            stored.size_bytes,
            picture.created_at,
        )
        for picture, stored in ((picture, require_object(picture)) for picture in pictures)
    ]
    if not entries:
        raise NothingToDownload("There is no successful result to download.")
    return entries


def require_known(
    ids: Sequence[int], known: Collection[int], kind: type[SourceImage | TransformedImage]
) -> None:
    """Raise `UnknownImage` or `UnknownResult` for the ids that are not among `known`."""
    error = UnknownResult if kind is TransformedImage else UnknownImage
    unknown = [
        Problem(f"/ids/{index}", error.code, f"You have no {_noun(kind)} {pk}.", actual=pk)
        for index, pk in enumerate(ids)
        if pk not in known
    ]
    if unknown:
        raise error(unknown[0].detail, errors=unknown[:50])


def stream(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Return an iterator over the bytes of the archive, about a chunk at a time.

    Raises `StorageUnavailable` when the storage fails meanwhile.
    """
    sink = _Sink()
    errors: list[str] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for entry in entries:
            try:
                chunks = object_storage().chunks(entry.key)
            except ObjectMissing:
                errors.append(f"{entry.name}: {entry.label} is missing from the storage.")
                continue
            sent = 0
            with closing(chunks), archive.open(_zip_info(entry), "w") as file:  # type: ignore[type-var]
                for chunk in chunks:
                    file.write(chunk)
                    sent += len(chunk)
                    yield sink.take()
            if sent != entry.size_bytes:
                errors.append(f"{entry.name}: has {sent} bytes in place of {entry.size_bytes}.")
        if errors:
            archive.writestr(ERRORS, "\n".join([*errors, ""]))
    yield sink.take()


class _Sink:
    """A file without seeking that holds only the bytes that `take` has not returned yet."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def take(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def _noun(kind: type[SourceImage | TransformedImage]) -> str:
    return "result" if kind is TransformedImage else "image"


def _zip_info(entry: Entry) -> zipfile.ZipInfo:
    moment = entry.created_at.astimezone(UTC)
    info = zipfile.ZipInfo(entry.name, moment.timetuple()[:6])
    info.external_attr = 0o644 << 16
    info.file_size = entry.size_bytes  # so that large ones are written as Zip64
    return info


def _choose_unique_name(name: str, counts: dict[str, int]) -> str:
    """Return a name that no other entry has: `photo.png`, `photo (2).png`, ...

    Every system can write it: see https://learn.microsoft.com/windows/win32/fileio/naming-a-file.
    `counts` maps the normalized names of the entries to the highest number tried with each.
    """
    safe = PurePosixPath(_NOT_ON_WINDOWS.sub("_", file_names.clean(name)).rstrip(". ") or "image")
    stem, number = safe.stem.lstrip(".") or "image", 1
    if _DEVICE.fullmatch(stem.split(".")[0].rstrip()):
        stem = f"_{stem}"
    unique = first = _cut_stem(stem, safe.suffix)
    while _normalize(unique) in counts:
        number = counts[_normalize(first)] = counts[_normalize(first)] + 1
        unique = _cut_stem(stem, f" ({number}){safe.suffix}")
    counts[_normalize(unique)] = 1
    return unique


def _normalize(name: str) -> str:
    """Return a form that is equal for all names that some file systems treat as equal."""
    return unicodedata.normalize("NFC", name).casefold()


def _cut_stem(stem: str, rest: str) -> str:
    """Join `stem` and `rest` to at most `MAX_NAME_BYTES` of UTF-8 by cutting the stem."""
    room = MAX_NAME_BYTES - len(rest.encode())
    return stem.encode()[:room].decode(errors="ignore") + rest

"""Names of files as people see them; nothing is ever stored under them."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

from utils.errors import DomainError

MAX_LENGTH = 255

# Cc: control characters; Cf: invisible ones, such as the right-to-left override; Cs: surrogates;
# Zl, Zp: line and paragraph separators. All of them can make a name look like another.
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}

_SPELLINGS = {"jpg": ("jpeg", "jpe"), "tif": ("tiff",), "heic": ("heif",)}


class InvalidFileName(DomainError):
    code = "invalid_file_name"
    status = 400
    title = "The file name cannot be used"


def from_upload(name: str) -> str:
    """A display name from what a client's form says: its last part, without hidden characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    visible = "".join(c for c in last if unicodedata.category(c) not in _HIDDEN).strip()
    return shortened(visible) or "image"


def checked(name: str) -> str:
    """A name that a person chose: taken as it is, or refused."""
    if not name.strip() or len(name) > MAX_LENGTH:
        raise InvalidFileName(
            f"A file name has 1 to {MAX_LENGTH} characters.",
            pointer="/file_name",
            limit=MAX_LENGTH,
            actual=len(name),
        )
    for character in name:
        if character in "/\\" or unicodedata.category(character) in _HIDDEN:
            raise InvalidFileName(
                f"A file name cannot hold the character U+{ord(character):04X}.",
                pointer="/file_name",
            )
    return name


def of_result(source_name: str, extension: str) -> str:
    """The source's name with the result's extension."""
    return shortened(f"{PurePosixPath(source_name).stem}.{extension}")


def ending_in(name: str, extension: str) -> str:
    """The name itself if it ends in this extension or a spelling of it, else with it added."""
    ending = PurePosixPath(name).suffix.lower().removeprefix(".")
    spellings = {extension, *_SPELLINGS.get(extension, ())}
    return name if ending in spellings else shortened(f"{name}.{extension}")


def shortened(name: str) -> str:
    """Cut a name in the middle of its stem, so that the extension stays."""
    if len(name) <= MAX_LENGTH:
        return name
    suffix = PurePosixPath(name).suffix[:16]
    return name[: MAX_LENGTH - len(suffix)] + suffix

"""File names as people see them. No object is ever stored under such a name."""

from __future__ import annotations

from pathlib import PurePosixPath

from utils.errors import DomainError
from utils.visible_text import is_blank, is_hidden

MAX_LENGTH = 255

_SPELLINGS = {"jpg": ("jpeg", "jpe"), "tif": ("tiff",), "heic": ("heif",)}


class InvalidFileName(DomainError):
    code = "invalid_file_name"
    status = 400
    title = "Invalid file name"


def choose(name: str | None, *, fallback: str) -> str:
    """Return the name that a person chose, or else the cleaned `fallback`.

    Raises `InvalidFileName` for a chosen name.
    """
    return clean(fallback) if name is None else validate(name)


def clean(name: str) -> str:
    """Return a display name from a form or a URL: its last part, without hidden characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    visible = "".join(character for character in last if not is_hidden(character)).strip()
    return "image" if is_blank(visible) else shorten(visible)


def validate(name: str) -> str:
    """Return a name that a person chose, unchanged. Raises `InvalidFileName`."""
    if is_blank(name) or len(name) > MAX_LENGTH:
        raise InvalidFileName(
            f"A file name has 1 to {MAX_LENGTH} characters.",
            pointer="/file_name",
            limit=MAX_LENGTH,
            actual=len(name),
        )
    for character in name:
        if character in "/\\" or is_hidden(character):
            raise InvalidFileName(
                f"A file name cannot contain the character U+{ord(character):04X}.",
                pointer="/file_name",
            )
    return name


def with_extension(name: str, extension: str) -> str:
    """Return the name with the extension, unless it ends in the extension or a spelling of it."""
    ending = PurePosixPath(name).suffix.lower().removeprefix(".")
    spellings = {extension, *_SPELLINGS.get(extension, ())}
    return name if ending in spellings else shorten(f"{name}.{extension}")


def shorten(name: str) -> str:
    """Cut a name that is too long in the middle, so that its extension stays."""
    if len(name) <= MAX_LENGTH:
        return name
    suffix = PurePosixPath(name).suffix[:16]
    return name[: MAX_LENGTH - len(suffix)] + suffix

"""Single values of a query string, for views without a filter set."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request


def whole_number(request: Request, name: str, *, default: int, least: int, most: int) -> int:
    """The parameter as a number; `default` if absent. Raises `ValidationError`."""
    given = request.query_params.get(name)
    if given is None:
        return default
    # Digits only: int() also accepts signs, spaces, underscores and digits of other scripts.
    digits = given.lstrip("0") if given.isascii() and given.isdigit() else "-"
    if len(digits) > 19 or digits == "-" or not least <= int(digits or "0") <= most:
        raise ValidationError(
            {name: f"{given[:20]!r} is not a whole number from {least} to {most}."}
        )
    return int(digits or "0")


def one_of(request: Request, name: str, words: Sequence[str]) -> str | None:
    """The parameter, one of the words; None if absent. Raises `ValidationError`."""
    given = request.query_params.get(name)
    if given is not None and given not in words:
        raise ValidationError({name: f"{given[:20]!r} is not one of: {', '.join(words)}."})
    return given

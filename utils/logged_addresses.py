"""Addresses in the form in which logs and error reports may hold them.

The query and the fragment of an address hold tokens that reset passwords. The path of a signed
link holds the signature. Whoever reads a log must not be able to use either.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

# A UUID has 36 characters. Everything that opens something is longer.
LONGEST_SEGMENT = 36
KEPT_OF_A_LONGER_ONE = 8
LONGEST_PATH = 200

# Slashes alone are no path. The search for the first other character begins once in a row of them.
_ADDRESS = re.compile(r"""(?:\b\w+:/|(?<!/))/+[^\s"'<>/][^\s"'<>]*""")


def shorten_path(path: str) -> str:
    """Return the path with the first characters of each long segment instead of all."""
    shortened = "/".join(_shorten(segment) for segment in path.split("/"))
    if len(shortened) <= LONGEST_PATH:
        return shortened
    return shortened[:LONGEST_PATH].rstrip(".") + "..."


def shorten_address(address: str) -> str:
    """Return the address with a shortened path, and without user, query and fragment."""
    without_query = address.partition("?")[0].partition("#")[0]
    try:
        parts = urlsplit(without_query)
    except ValueError:
        return shorten_path(without_query)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host, path=shorten_path(parts.path)).geturl()


def shorten_addresses(text: str) -> str:
    """Return the text with every address and path in it shortened."""
    return _ADDRESS.sub(lambda match: shorten_address(match[0]), text)


def map_texts(value: Any, change: Callable[[str], str]) -> Any:
    """Return the value with every text in it changed, also in dictionaries and lists.

    An object that JSON does not know is changed as its `repr`.
    """
    if isinstance(value, dict):
        return {name: map_texts(member, change) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [map_texts(member, change) for member in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return change(value if isinstance(value, str) else repr(value))


def _shorten(segment: str) -> str:
    if len(segment) <= LONGEST_SEGMENT:
        return segment
    return f"{segment[:KEPT_OF_A_LONGER_ONE]}..."

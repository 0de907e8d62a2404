"""GET over real HTTP, without cookies or tokens."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from urllib.error import HTTPError
from urllib.request import urlopen


@dataclass(frozen=True, slots=True)
class Fetched:
    status: int
    headers: Message
    body: bytes


def fetch(address: str) -> Fetched:
    """Return the answer, whatever its status is."""
    try:
        with urlopen(address) as answer:
            return Fetched(answer.status, answer.headers, answer.read())
    except HTTPError as error:
        with error:
            return Fetched(error.code, error.headers, error.read())

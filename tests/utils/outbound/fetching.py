"""Fetch a URL with a client, or expect its error."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from tests.servers.raw_http import Server
from utils.outbound import Client, OutboundError

Serve = Callable[..., Server]
ClientFor = Callable[..., Client]


def fetch(client: Client, url: str, *, most: int = 1000, seconds: float = 10) -> bytes:
    into = io.BytesIO()
    result = client.fetch(url, into, most_bytes=most, seconds=seconds)
    assert result.size == len(into.getvalue())
    return into.getvalue()


def fetch_error(client: Client, url: str, **limits: Any) -> OutboundError:
    with pytest.raises(OutboundError) as raised:
        fetch(client, url, **limits)
    return raised.value

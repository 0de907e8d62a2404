"""Lists: cursor pages, fetched as they are walked through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from image_processing_client.transport import Call, Transport

PAGE_SIZE = 100


def items(
    transport: Transport, path: str, params: Mapping[str, Any] | None = None
) -> Iterator[Mapping[str, Any]]:
    """Every row of a list, newest first.

    Of a page's `next` only the query is used: its host is the one people use, which may be
    another than the one this client was given, and no other host is to see the credentials.
    """
    query: Mapping[str, Any] = {"page_size": PAGE_SIZE, **(params or {})}
    while True:
        page = transport.json(Call("GET", path, params=query))
        yield from page["results"]
        if not page["next"]:
            return
        query = dict(httpx.URL(page["next"]).params)

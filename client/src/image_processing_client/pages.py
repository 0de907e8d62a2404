"""Iterate over lists, which the service divides into pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from image_processing_client.transport import Call, Transport

PAGE_SIZE = 100


def items(
    transport: Transport, path: str, params: Mapping[str, Any] | None = None
) -> Iterator[Mapping[str, Any]]:
    """Iterate over all rows of a list, newest first.

    From a page's `next` link only the query is used. Its host is the service's public name, which
    may differ from the host of this client, and no other host may get the credentials.
    """
    query: Mapping[str, Any] = {"page_size": PAGE_SIZE, **(params or {})}
    while True:
        page = transport.json(Call("GET", path, params=query))
        yield from page["results"]
        if not page["next"]:
            return
        query = dict(httpx.URL(page["next"]).params)

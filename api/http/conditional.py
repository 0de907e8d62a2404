"""Conditional requests on single objects: strong ETags, `If-None-Match`, `If-Match`.

An ETag is the row's version and the link window, since a representation holds links: it changes
when either does. `If-Match` compares the version alone, so that a link's expiry never refuses a
change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response

from image_processor.storage.windows import LinkWindow
from utils.errors import DomainError


class PreconditionFailed(DomainError):
    code = "precondition_failed"
    status = 412
    title = "The object has changed since it was read"


class Versioned(Protocol):
    @property
    def updated_at(self) -> datetime: ...


def _version(row: Versioned) -> str:
    return f"{round(row.updated_at.timestamp() * 1_000_000):x}"


def etag_of(row: Versioned, state: str = "") -> str:
    """The ETag of a row's representation, quotes included.

    `state` stands for what is shown besides the row and the links; by default it is the row's
    own `etag_state`, if it has one.
    """
    state = state or getattr(row, "etag_state", "")
    return f'"{_version(row)}-{LinkWindow.current().start:x}{state and "-"}{state}"'


def etag_of_all(rows: Iterable[tuple[int, datetime]]) -> str:
    """The ETag of rows together, each an id and its version."""
    state = repr([(pk, changed.timestamp()) for pk, changed in rows])
    digest = hashlib.sha256(state.encode()).hexdigest()[:32]
    return f'"{digest}-{LinkWindow.current().start:x}"'


def answer(request: Request, row: Versioned, render: Any, *, state: str = "") -> Response:
    """The representation that `render()` makes, or 304 when the caller has it already."""
    etag = etag_of(row, state)
    if request.method in ("GET", "HEAD") and is_known(request, etag):
        return Response(status=304, headers={"ETag": etag})
    return Response(render(), headers={"ETag": etag})


def is_known(request: Request, etag: str) -> bool:
    """Whether `If-None-Match` names the ETag, compared weakly as RFC 9110 has it."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or etag in (tag.removeprefix("W/") for tag in known)


def require_current(request: Request, row: Versioned) -> None:
    """Raise `PreconditionFailed` unless a change may be made to this version of the row.

    `If-Match` must name it; one that cannot be read names nothing. `If-None-Match` must not.
    """
    given = request.headers.get("If-Match", "")
    if given and given.strip() != "*":
        versions = {tag.strip('"').partition("-")[0] for tag in parse_etags(given)}
        if _version(row) not in versions:
            raise PreconditionFailed(
                "The object has changed since you read it. Read it again, then repeat the change."
            )
    if is_known(request, etag_of(row)):
        raise PreconditionFailed("There is an object, and If-None-Match says not to change it.")

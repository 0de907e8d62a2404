"""Conditional requests for single objects: strong ETags, `If-None-Match`, `If-Match`.

An ETag names the row's version and the link window, because a representation holds links: the ETag
changes when either changes. Changes compare the version alone, so that an expired link never makes
a change fail.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response

from image_processor.storage.link_window import link_state
from utils.versions import ExpectedVersion, Versioned, version_of


def etag_of(row: Versioned, state: str = "") -> str:
    """The ETag of a row's representation, quotes included.

    `state` names what the representation shows besides the row and the links. Its default is the
    row's own `etag_state`, if the row has one.
    """
    state = state or getattr(row, "etag_state", "")
    return f'"{version_of(row)}-{link_state()}{state and "-"}{state}"'


def etag_of_all(rows: Iterable[tuple[int, datetime]]) -> str:
    """The ETag of several rows together, each given by its id and the time of its last change."""
    state = repr([(pk, changed.timestamp()) for pk, changed in rows])
    digest = hashlib.sha256(state.encode()).hexdigest()[:32]
    return f'"{digest}-{link_state()}"'


def not_modified(request: Request, etag: str) -> Response | None:
    """304 for a GET or HEAD whose client has the representation already, else None."""
    if request.method in ("GET", "HEAD") and is_known(request, etag):
        return Response(status=304, headers={"ETag": etag})
    return None


def is_known(request: Request, etag: str) -> bool:
    """Whether `If-None-Match` names the ETag, by weak comparison (RFC 9110, 13.1.2)."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or etag in (tag.removeprefix("W/") for tag in known)


def expected_version(request: Request) -> ExpectedVersion:
    """The versions to which `If-Match` and `If-None-Match` limit a change.

    A malformed `If-Match` names no version, so it matches none. `If-Match` compares strongly: a
    weak ETag matches nothing.
    """
    any_of = _versions(request.headers.get("If-Match") or "*")
    none_of = _versions(request.headers.get("If-None-Match", "").replace("W/", ""))
    return ExpectedVersion(any_of, none_of)


def _versions(header: str) -> frozenset[str] | None:
    """The versions in a header's ETags; None for `*`."""
    tags = parse_etags(header)
    if "*" in tags:
        return None
    return frozenset(tag.strip('"').partition("-")[0] for tag in tags)

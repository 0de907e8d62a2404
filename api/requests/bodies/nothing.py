"""The body of requests that take none."""

from __future__ import annotations

from api.requests.body import Body


class NoBody(Body):
    """No fields. A field that the route would ignore could be one that the client relies on."""

"""URI path versioning: `/api/v1/...` is canonical, `/api/...` means v1."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.reverse import reverse
from rest_framework.versioning import BaseVersioning


class PathVersioning(BaseVersioning):
    """The version is the URL namespace; a version that does not exist has no route, hence 404."""

    def determine_version(self, request: Request, *args: Any, **kwargs: Any) -> str:
        return "v1"

    def reverse(
        self,
        viewname: str,
        args: Any = None,
        kwargs: Any = None,
        request: Request | None = None,
        format: str | None = None,  # noqa: A002 - DRF's name
        **extra: Any,
    ) -> str:
        """Always the canonical, versioned address, whichever the request came by."""
        return reverse(f"v1:{viewname}", args, kwargs, None, format, **extra)

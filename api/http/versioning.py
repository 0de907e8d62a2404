"""URI path versioning: `/api/v1/...` is canonical, `/api/...` means v1."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.versioning import BaseVersioning, NamespaceVersioning


class PathVersioning(NamespaceVersioning):
    """The version is the URL namespace; a version that does not exist has no route, hence 404."""

    def determine_version(self, request: Request, *args: Any, **kwargs: Any) -> str:
        return "v1"

    # Names of routes are given with their namespace; DRF would put it before them once more.
    reverse = BaseVersioning.reverse

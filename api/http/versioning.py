"""URI path versioning: `/api/v1/...` is canonical, `/api/...` means v1."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.versioning import BaseVersioning, NamespaceVersioning


class PathVersioning(NamespaceVersioning):
    """The version is the URL namespace. An unknown version has no route and gives 404."""

    def determine_version(self, request: Request, *args: Any, **kwargs: Any) -> str:
        return "v1"

    # Callers name routes with their namespace; the base class would prepend it again.
    reverse = BaseVersioning.reverse

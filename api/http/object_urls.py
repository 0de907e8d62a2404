"""Addresses of the API's own objects."""

from __future__ import annotations

from typing import Any

from django.urls import reverse as django_reverse


def reverse(name: str, **kwargs: Any) -> str:
    """The canonical, versioned path, whichever spelling the request came by."""
    return django_reverse(f"v1:{name}", kwargs=kwargs)

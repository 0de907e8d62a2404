"""Paths of the API's objects."""

from __future__ import annotations

from typing import Any

from django.urls import reverse as django_reverse


def reverse(name: str, **kwargs: Any) -> str:
    """The canonical path below `/api/v1/`, whichever path the request used."""
    return django_reverse(f"v1:{name}", kwargs=kwargs)

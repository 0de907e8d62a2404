"""The scopes of API keys, and the permission that checks them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import ApiKey
from utils.errors import DomainError

if TYPE_CHECKING:  # rest_framework.views imports this module through the settings
    from rest_framework.views import APIView


class Scope(StrEnum):
    """A part of what a user may do. No scope implies another; `ALL` implies every scope."""

    IMAGES_READ = "images:read"
    IMAGES_WRITE = "images:write"
    TASKS = "tasks"
    ALL = "*"

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Scope.IMAGES_READ: "list, show and download images and results",
    Scope.IMAGES_WRITE: "upload, change and delete images and results",
    Scope.TASKS: "transform images; list, show, cancel, retry and delete tasks",
    Scope.ALL: "all of this",
}


def scopes_help() -> str:
    """Describe all scopes in one phrase, for the documentation."""
    return "; ".join(f"`{scope}` ({scope.meaning})" for scope in Scope)


class ScopeMissing(DomainError):
    code = "scope_missing"
    status = 403
    title = "API key scope missing"


class ApiKeyNotAllowed(DomainError):
    code = "api_key_not_allowed"
    status = 403
    title = "API keys not allowed"


def scopes_of(view: Any) -> tuple[Scope, ...]:
    """Return the scopes that an API key needs for the view's current action, all of them.

    Views declare `required_scopes`, a mapping from action to scope or scopes. API keys cannot use
    an action without scopes.
    """
    needed = getattr(view, "required_scopes", {}).get(getattr(view, "action", None), ())
    return (needed,) if isinstance(needed, Scope) else tuple(needed)


class HasScope(BasePermission):
    """Allows API keys only the actions whose scopes they have.

    Sessions always pass: a signed-in user may do everything with their own objects.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        key = request.auth
        if not isinstance(key, ApiKey) or _needs_no_scope(request, view):
            return True
        needed = scopes_of(view)
        if not needed:
            raise ApiKeyNotAllowed("API keys cannot use this route. Sign in and use a token.")
        for scope in needed:
            if not {scope, Scope.ALL} & set(key.scopes):
                given = ", ".join(key.scopes)
                raise ScopeMissing(
                    f"This route needs the scope {scope}; the API key {key.prefix} has {given}.",
                    limit=scope,
                    actual=key.scopes,
                )
        return True


def _needs_no_scope(request: Request, view: APIView) -> bool:
    """Whether every API key passes.

    This is so if the route lacks the method (the answer is 405), and for `OPTIONS` of a route that
    some keys can use.
    """
    if getattr(view, "action", None) == "metadata":
        return bool(getattr(view, "required_scopes", {}))
    return not hasattr(view, (request.method or "").lower())

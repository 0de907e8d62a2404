"""What an API key may do: the scopes that it has, and the one that each action needs."""

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
    """A part of what a user may do. None of them implies another, except `ALL` every one."""

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
    Scope.TASKS: "ask for versions of images; list, show, cancel, retry and delete tasks",
    Scope.ALL: "all of these",
}


def scopes_help() -> str:
    """All scopes in one phrase, for the documentation."""
    return "; ".join(f"`{scope}` ({scope.meaning})" for scope in Scope)


class ScopeMissing(DomainError):
    code = "scope_missing"
    status = 403
    title = "The API key lacks the scope for this"


class ApiKeyNotAllowed(DomainError):
    code = "api_key_not_allowed"
    status = 403
    title = "API keys cannot be used here"


def scopes_of(view: Any) -> tuple[Scope, ...]:
    """The scopes that the view's current action needs, all of them; none: closed to API keys.

    Views say so in `required_scopes`, action -> scope or scopes.
    """
    needed = getattr(view, "required_scopes", {}).get(getattr(view, "action", None), ())
    return (needed,) if isinstance(needed, Scope) else tuple(needed)


class HasScope(BasePermission):
    """Lets an API key do what its scopes say, and nothing that no scope was named for.

    Sessions pass: whoever signed in may do everything with what is theirs.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        key = request.auth
        if not isinstance(key, ApiKey) or _does_nothing(request, view):
            return True
        needed = scopes_of(view)
        if not needed:
            raise ApiKeyNotAllowed("This cannot be done with an API key. Sign in and use a token.")
        for scope in needed:
            if not {scope, Scope.ALL} & set(key.scopes):
                given = ", ".join(key.scopes)
                raise ScopeMissing(
                    f"This needs the scope {scope}; the API key {key.prefix} has {given}.",
                    limit=scope,
                    actual=key.scopes,
                )
        return True


def _does_nothing(request: Request, view: APIView) -> bool:
    """Whether it is a method that the route does not have (405), or `OPTIONS` of one that has
    something for API keys."""
    if getattr(view, "action", None) == "metadata":
        return bool(getattr(view, "required_scopes", {}))
    return not hasattr(view, (request.method or "").lower())

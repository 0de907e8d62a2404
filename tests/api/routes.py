"""The routes of the API as Django knows them, so that no test forgets a new one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from image_processing_service.api_urls import urlpatterns

HTTP_METHODS = ("get", "put", "post", "patch", "delete")

# Anybody may call these: they sign people in, or describe the API.
PUBLIC = {
    "registration",
    "verify-email",
    "resend-email",
    "login",
    "logout",
    "password-reset",
    "password-reset-confirm",
    "token",
    "token-refresh",
    "token-verify",
    "operations",
    "schema",
    "docs",
    "redoc",
    "alias-auth-register",
    "alias-auth-refresh",
    "alias-auth-token-refresh",
    "client-errors",
    "payments-webhook",
}


@dataclass(frozen=True, slots=True)
class Route:
    """One address (below `/api/v1/`, with `{name}` for its parameters) and a method of it."""

    name: str
    template: str
    method: str

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.template)

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.template}"


def routes() -> list[Route]:
    """Every method of every route."""
    found = []
    for pattern in urlpatterns:
        template = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern))
        callback = pattern.callback
        actions = getattr(callback, "actions", None)
        methods = actions or dir(callback.view_class)
        # Django adds HEAD to the actions of a route at its first request.
        has = [name for name in HTTP_METHODS if name in methods]
        found += [Route(str(pattern.name), template, method) for method in has]
    return found


def view_of(route: Route) -> tuple[Any, str]:
    """The view class of a route, and the name of its method there."""
    pattern = next(each for each in urlpatterns if each.name == route.name)
    callback = pattern.callback
    if actions := getattr(callback, "actions", None):
        return callback.cls, actions[route.method]
    return callback.view_class, route.method

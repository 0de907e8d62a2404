"""Who may keep an answer of the API, and which headers of the request it depends on."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

NOBODY = "private, no-store"
# An owner's browser may keep the bytes of a picture, but asks with their ETag before each use.
OWNER_AFTER_CHECK = "private, no-cache"
# For what is the same for everybody until the service is updated.
EVERYBODY = "public, max-age=300"


class Caching:
    """Forbid to keep answers below `/api/` and `/files/`, except where a view says otherwise.

    Nearly all answers of the API hold signed links, names or addresses. An answer that everybody
    gets depends on no credential; any other depends on both places of credentials.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith(("/api/", "/files/")):
            response.headers.setdefault("Cache-Control", NOBODY)
            if request.path_info.startswith("/api/") and response["Cache-Control"] != EVERYBODY:
                patch_vary_headers(response, ["Authorization", "Cookie"])
        return response

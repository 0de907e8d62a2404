"""The Content-Security-Policy of the service's answers."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from image_processor.storage import object_storage

# Pages show images from the object storage and upload to it.
_STORAGE_DIRECTIVES = ("img-src", "connect-src")


class ContentPolicy(CSPMiddleware):
    """Sends `settings.CONTENT_SECURITY_POLICY` with the origin of the object storage.

    A view extends the policy for its page with `@csp_update({...})`, or replaces it by setting
    the header, as for stored files. `Permissions-Policy` denies devices: no page needs one.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        is_usual = not any(name.startswith("_csp_") for name in (*vars(request), *vars(response)))
        if is_usual and not settings.DEBUG:
            response.headers.setdefault(HEADER, _usual_policy(object_storage().origin))
            return response
        return super().process_response(request, response)

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        return _with_storage(parts, object_storage().origin)


@cache
def _usual_policy(origin: str | None) -> str:
    """The policy of an answer that has none of its own."""
    return build_policy(**asdict(_with_storage(PolicyParts(), origin)))


def _with_storage(parts: PolicyParts, origin: str | None) -> PolicyParts:
    if origin:
        update: dict[str, Any] = dict(parts.update or {})
        for directive in _STORAGE_DIRECTIVES:
            update[directive] = [*update.get(directive, []), origin]
        parts.update = update
    return parts

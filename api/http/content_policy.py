"""What a browser may load and run of the service's answers (Content-Security-Policy)."""

from __future__ import annotations

from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from image_processor.storage import object_storage

# Links to images lead to the object storage; pages upload to it, too.
_STORAGE_DIRECTIVES = ("img-src", "connect-src")


class ContentPolicy(CSPMiddleware):
    """`settings.CONTENT_SECURITY_POLICY`, with the object storage's origin.

    A view loosens it for its own page by `@csp_update({...})`, or says all of it by setting the
    header, as for stored bytes. `Permissions-Policy` stands beside it: no page needs a device.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        return super().process_response(request, response)

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        origin = object_storage().origin
        if origin:
            update: dict[str, Any] = dict(parts.update or {})
            for directive in _STORAGE_DIRECTIVES:
                update[directive] = [*update.get(directive, []), origin]
            parts.update = update
        return parts

"""The OpenAPI document and the pages that show it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.views import (
    SpectacularJSONAPIView,
    SpectacularRedocView,
    SpectacularSwaggerView,
)
from rest_framework.response import Response

# Redoc's code fetches its maker's logo from another host; with this, a browser does not.
_OWN_HOST_ONLY = (
    "default-src 'self'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class SchemaView(SpectacularJSONAPIView):
    """`schema/`; for anybody, and an expired token does not get in the way."""

    authentication_classes = ()


class _Page:
    """Says to the browser that nothing may come from elsewhere."""

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().finalize_response(*args, **kwargs)  # type: ignore[misc]
        response["Content-Security-Policy"] = _OWN_HOST_ONLY
        return response


class SwaggerView(_Page, SpectacularSwaggerView):
    """`docs/`."""

    authentication_classes = ()
    url_name = "v1:schema"


class RedocView(_Page, SpectacularRedocView):
    """`redoc/`."""

    authentication_classes = ()
    url_name = "v1:schema"

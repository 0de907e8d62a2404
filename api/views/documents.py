"""The OpenAPI document and the pages that show it.

Their scripts are files, as the content policy demands of every page. Each view adds to the policy
what else its page needs.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from csp.decorators import csp_update
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import (
    SpectacularJSONAPIView,
    SpectacularRedocView,
    SpectacularSwaggerSplitView,
)
from rest_framework.request import Request

from api.http import caching

_REDOC = "drf_spectacular_sidecar/redoc/bundles/redoc.standalone.js"
_LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg"


class SchemaView(SpectacularJSONAPIView):
    """`schema/`: for everybody, even with an expired token."""

    authentication_classes = ()


@method_decorator(csp_update({"style-src": ["'unsafe-inline'"]}), name="dispatch")
class SwaggerView(SpectacularSwaggerSplitView):
    """`docs/`."""

    authentication_classes = ()
    url_name = "v1:schema"


@method_decorator(
    csp_update({"style-src": ["'unsafe-inline'"], "worker-src": ["blob:"]}), name="dispatch"
)
class RedocView(SpectacularRedocView):
    """`redoc/`. Its search runs in a worker that is made from a blob.

    Its script (`redoc/?script=`) would request its maker's logo from another host, and has no
    option against that. It is therefore served without the address of the logo.
    """

    authentication_classes = ()
    url_name = "v1:schema"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "script" in request.GET:
            return HttpResponse(
                _redoc_script(),
                content_type="application/javascript",
                headers={"Cache-Control": caching.EVERYBODY},
            )
        response: HttpResponseBase = super().get(request, *args, **kwargs)
        return response

    @staticmethod
    def _redoc_standalone() -> str:
        return "?script="


@functools.cache
def _redoc_script() -> str:
    path = finders.find(_REDOC)
    assert path is not None
    return Path(path).read_text(encoding="utf-8").replace(_LOGO, "")

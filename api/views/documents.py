"""The OpenAPI document and the pages that show it.

Their scripts are files, as the content policy asks of every page; what else these pages of others
cannot do without stands here.
"""

from __future__ import annotations

from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.views import (
    SpectacularJSONAPIView,
    SpectacularRedocView,
    SpectacularSwaggerSplitView,
)


class SchemaView(SpectacularJSONAPIView):
    """`schema/`; for anybody, and an expired token does not get in the way."""

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
    """`redoc/`; its search runs in a worker that is made from a blob.

    Its code asks for its maker's logo from another host; the policy keeps browsers from that.
    """

    authentication_classes = ()
    url_name = "v1:schema"

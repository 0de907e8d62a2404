"""The OpenAPI document and the pages that show it.

Their scripts are files, as the content policy demands of every page. Each view adds to the policy
what else its page needs.
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

    Its code requests its maker's logo from another host, which the policy blocks.
    """

    authentication_classes = ()
    url_name = "v1:schema"

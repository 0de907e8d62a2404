"""`client-errors/`: error reports from the web page."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import page_errors
from api.auth.views.public import OwnPagesViewSet
from api.http.throttling import ScopeRateThrottle
from api.requests.bodies.client_error import ClientErrorRequest
from api.requests.parsers import StrictJSONParser
from api.schema import problems

MAX_BYTES = 32 * 1024


class SmallJSONParser(StrictJSONParser):
    """Bodies of at most 32 KB, because anyone may send one."""

    limit = MAX_BYTES


class ClientErrorViewSet(OwnPagesViewSet):
    """Anyone may report an error, from an allowed origin."""

    parser_classes = [SmallJSONParser]
    rate_scope = "client_errors"
    # Only this rate counts: a page that fails in a loop must not use up the requests with which
    # its user signs in.
    throttle_classes = [ScopeRateThrottle]

    @extend_schema(
        summary="Report an error of the web page",
        description=f"At most {MAX_BYTES} bytes. The report is logged, without the query and "
        "fragment of `url`, and sent to Sentry if Sentry is configured.",
        request=ClientErrorRequest,
        responses={204: None, **problems(403)},
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = ClientErrorRequest.parse(request.data)
        agent = request.headers.get("User-Agent", "")
        page_errors.record(body.given(), user_agent=agent)
        return Response(status=204)

"""Errors of the page, as it tells them itself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth.views.answers import PublicViewSet
from api.http.origin import require_allowed_origin
from api.http.throttling import ScopeRateThrottle
from api.requests.client_error import ClientErrorRequest
from api.requests.parsers import StrictJSONParser
from api.schema import problems
from utils import page_errors

MAX_BYTES = 32 * 1024


class SmallJSONParser(StrictJSONParser):
    """A body of 32 KB at most: anybody may send one."""

    limit = MAX_BYTES


class ClientErrorViewSet(PublicViewSet):
    """`client-errors/`: anybody may call it, from one of our pages."""

    parser_classes = [SmallJSONParser]
    rate_scope = "client_errors"
    # Its own rate alone: a page that fails again and again must not use up the requests with
    # which a person signs in.
    throttle_classes = [ScopeRateThrottle]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            require_allowed_origin(request, by_cookie=False)

    @extend_schema(
        summary="Tell of an error of the page",
        description=f"At most {MAX_BYTES} bytes. It is logged, without query and fragment of "
        "`url`, and passed on to Sentry if that is configured.",
        request=ClientErrorRequest,
        responses={204: None, **problems(403)},
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = ClientErrorRequest.parse(request.data)
        agent = request.headers.get("User-Agent", "")
        page_errors.record(body.given(), user_agent=agent)
        return Response(status=204)

"""Problems for requests that fail outside of Django REST framework's views."""

from __future__ import annotations

import sys
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from api.http.problem import CONTENT_TYPE, INTERNAL_ERROR, OutOfMemory, describe, document
from utils.errors import DomainError


def plain_response(
    request: HttpRequest,
    status: int,
    code: str,
    detail: str,
    headers: dict[str, str] | None = None,
    **members: Any,
) -> JsonResponse:
    """The problem as a plain Django response."""
    request_id = request.META.get("HTTP_X_REQUEST_ID")
    body = document(status, code, detail, request_id=request_id, **members)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, headers=headers)


def domain_error(request: HttpRequest, error: DomainError) -> JsonResponse:
    """The problem of an error that was raised outside of a view."""
    status, members, headers = describe(error)
    return plain_response(request, status, headers=headers, **members)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """`handler400`."""
    return plain_response(request, 400, "bad_request", "The request is malformed.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """`handler403`."""
    return plain_response(request, 403, "permission_denied", "You are not allowed to do this.")


@csrf_exempt  # Django answers a form without a CSRF token with a page
def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """`handler404`, and the view of every address under `/api/` without a route."""
    return plain_response(request, 404, "not_found", "Nothing exists at this address.")


def server_error(request: HttpRequest) -> JsonResponse:
    """`handler500`, which Django calls while it handles the exception."""
    if isinstance(sys.exception(), MemoryError):
        return domain_error(request, OutOfMemory())
    return plain_response(request, 500, "internal_error", INTERNAL_ERROR)


def instead_of_page(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A problem in place of an error page under `/api/`.

    With `DEBUG`, Django answers with pages of tracebacks and ignores the handlers above.
    """
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if not is_page or response.status_code < 400 or not request.path_info.startswith("/api/"):
        return response
    match response.status_code:
        case 403:
            return forbidden(request)
        case 404:
            return not_found(request)
        case status if status < 500:
            return bad_request(request)
    return server_error(request)

"""The only place that turns an exception into an answer: `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import http
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import structlog
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import IntegrityError, InterfaceError, OperationalError
from django.db import connection as database
from django.http import Http404, HttpRequest, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from image_processor.engine.planning.validation import escaped
from utils.errors import DomainError, Problem

log = structlog.get_logger(__name__)

CONTENT_TYPE = "application/problem+json"
MAX_PROBLEMS = 50
# Members that say the same in every problem: no name of a field replaces them.
_RESERVED = {"type", "title", "status", "detail", "code", "request_id", "errors"}

_OUR_FAULT = "Something went wrong on our side. The request id helps us to find it."


def document(
    status: int,
    code: str,
    detail: str,
    *,
    request_id: str | None,
    title: str = "",
    **members: Any,
) -> dict[str, Any]:
    """A problem document; members that are None or empty are left out."""
    body: dict[str, Any] = {
        "type": f"urn:problem:{code}",
        "title": title or http.HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }
    extra = {name: value for name, value in members.items() if value not in (None, "", [], {})}
    return {**extra, **body}


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's hook: every exception of a view ends here."""
    request = context.get("request")
    request_id = request.META.get("HTTP_X_REQUEST_ID") if request is not None else None
    set_rollback()
    status, members, headers = _describe(error)
    response = Response(
        document(status, request_id=request_id, **members), status=status, headers=headers
    )
    response.content_type = CONTENT_TYPE
    return response


def _describe(error: Exception) -> tuple[int, dict[str, Any], dict[str, str]]:
    """(status, members of the document, headers) of an exception."""
    match error:
        case DomainError():
            return _domain(error)
        case exceptions.ValidationError():
            return 400, _validation(error), {}
        case exceptions.APIException():
            return _api(error)
        case Http404():
            return 404, {"code": "not_found", "detail": "There is no such object."}, {}
        case PermissionDenied():
            return 403, {"code": "permission_denied", "detail": "You may not do that."}, {}
        case RequestDataTooBig():
            return 413, {"code": "body_too_large", "detail": str(error)}, {}
        case TooManyFieldsSent() | TooManyFilesSent() | MultiPartParserError():
            return 400, {"code": "malformed_body", "detail": str(error)}, {}
        case UnreadablePostError():
            log.info("body_incomplete", error=str(error))
            detail = "The connection broke off, or stood still, before the body was complete."
            return 400, {"code": "body_incomplete", "detail": detail}, {}
        case SuspiciousOperation():
            return 400, {"code": "bad_request", "detail": "The request is malformed."}, {}
        case IntegrityError():
            log.exception("conflicting_writes")
            detail = "Another request changed the same thing at the same moment. Try again."
            return 409, {"code": "conflict", "detail": detail}, {}
        case OperationalError() | InterfaceError():
            log.exception("database_unavailable")
            database.close()
            detail = "The database does not answer. Nothing was changed; try again soon."
            return 503, {"code": "database_unavailable", "detail": detail}, {"Retry-After": "5"}
        case _:
            log.exception("unexpected_error")
            return 500, {"code": "internal_error", "detail": _OUR_FAULT}, {}


def _domain(error: DomainError) -> tuple[int, dict[str, Any], dict[str, str]]:
    members = {
        **{name: value for name, value in error.members.items() if name not in _RESERVED},
        "code": error.code,
        "title": error.title,
        "detail": error.detail,
        "limit": error.limit,
        "actual": error.actual,
        "errors": [problem.to_dict() for problem in error.errors],
    }
    headers = {}
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="api"'
    if error.status == 503:
        headers["Retry-After"] = "5"
    return error.status, members, headers


def _api(error: exceptions.APIException) -> tuple[int, dict[str, Any], dict[str, str]]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    members: dict[str, Any] = {"code": _API_CODES.get(type(error), error.default_code)}
    members["detail"] = str(error.detail)
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(max(1, round(getattr(error, "wait", None) or 1)))
        members["code"] = "rate_limited"
        members["detail"] = f"Too many requests. Try again in {headers['Retry-After']} seconds."
    return error.status_code, members, headers


_API_CODES = {
    exceptions.ParseError: "malformed_body",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.NotFound: "not_found",
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.PermissionDenied: "permission_denied",
}


def _validation(error: exceptions.ValidationError) -> dict[str, Any]:
    """A refused body: JSON pointers, and Django REST framework's own form beside them."""
    problems = list(islice(_problems(error.detail, ""), MAX_PROBLEMS))
    first = problems[0] if problems else Problem("", "invalid", "The input is not valid.")
    fields = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
    name = first.pointer.strip("/")
    return {
        "code": "invalid_input",
        "title": "Invalid input",
        "detail": f"{name}: {first.detail}" if name else first.detail,
        "errors": [problem.to_dict() for problem in problems],
        **{
            escaped(field): value
            for field, value in list(fields.items())[:MAX_PROBLEMS]
            if field not in _RESERVED
        },
    }


def _problems(detail: Any, pointer: str) -> Iterator[Problem]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            here = pointer if name == "non_field_errors" else f"{pointer}/{escaped(name)}"
            yield from _problems(inner, here)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            # A list of words belongs to one field; a list of objects to the items of a list.
            nested = isinstance(inner, (dict, list))
            yield from _problems(inner, f"{pointer}/{index}" if nested else pointer)
    else:
        yield Problem(pointer, getattr(detail, "code", "invalid"), str(detail))


def plain_response(
    request: HttpRequest, status: int, code: str, detail: str, headers: dict[str, str] | None = None
) -> JsonResponse:
    """A problem for what happens outside of DRF's views."""
    body = document(status, code, detail, request_id=request.META.get("HTTP_X_REQUEST_ID"))
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, headers=headers)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """`handler400`."""
    return plain_response(request, 400, "bad_request", "The request is malformed.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """`handler403`."""
    return plain_response(request, 403, "permission_denied", "You may not do that.")


@csrf_exempt  # Django's answer to a form without its token is a page
def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """`handler404`, and the answer of every address under `/api/` that has no route."""
    return plain_response(request, 404, "not_found", "There is nothing at this address.")


def server_error(request: HttpRequest) -> JsonResponse:
    """`handler500`."""
    return plain_response(request, 500, "internal_error", _OUR_FAULT)


def instead_of_page(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The problem in place of a page that tells programs of a failure.

    With `DEBUG` Django shows pages with traces, whatever the handlers above say.
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

"""The one place that turns an exception into an answer: `application/problem+json` (RFC 9457)."""

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
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from api.http.invalid_input import MAX_PROBLEMS, InvalidInput, invalid_input
from image_processor.engine.planning.pipeline_errors import escape_pointer
from utils.errors import DomainError, Problem

log = structlog.get_logger(__name__)

CONTENT_TYPE = "application/problem+json"
# Members with a fixed meaning: a field of the request with such a name does not replace them.
_RESERVED = {"type", "title", "status", "detail", "code", "request_id", "errors"}

INTERNAL_ERROR = "The service failed. Quote the request id when you report it."


class OutOfMemory(DomainError):
    """The web process has reached the limit of its memory (`WEB_MEMORY_MB`)."""

    code = "out_of_memory"
    status = 503
    title = "Out of memory"

    def __init__(self) -> None:
        super().__init__(
            "There is too little memory for this request at the moment. Try again soon."
        )


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
    """Answer an exception of a view (`EXCEPTION_HANDLER` of Django REST framework)."""
    request = context.get("request")
    request_id = request.META.get("HTTP_X_REQUEST_ID") if request is not None else None
    set_rollback()
    status, members, headers = describe(error)
    response = Response(
        document(status, request_id=request_id, **members), status=status, headers=headers
    )
    response.content_type = CONTENT_TYPE
    return response


def describe(error: Exception) -> tuple[int, dict[str, Any], dict[str, str]]:
    """(status, members of the document, headers) of an exception."""
    match error:
        case DomainError():
            return _domain(error)
        case exceptions.ValidationError():
            return _domain(_validation(error))
        case exceptions.APIException():
            return _api(error)
        case Http404():
            return 404, {"code": "not_found", "detail": "You have no such object."}, {}
        case PermissionDenied():
            detail = "You are not allowed to do this."
            return 403, {"code": "permission_denied", "detail": detail}, {}
        case RequestDataTooBig():
            return 413, {"code": "body_too_large", "detail": str(error)}, {}
        case TooManyFieldsSent() | TooManyFilesSent() | MultiPartParserError():
            return 400, {"code": "malformed_body", "detail": str(error)}, {}
        case UnreadablePostError():
            log.info("request.body_incomplete", error=str(error))
            detail = "The connection ended or stalled before the body was complete."
            return 400, {"code": "body_incomplete", "detail": detail}, {}
        case SuspiciousOperation():
            return 400, {"code": "bad_request", "detail": "The request is malformed."}, {}
        case IntegrityError():
            log.exception("database.write_conflicted")
            detail = "Another request changed the same object at the same time. Try again."
            return 409, {"code": "conflict", "detail": detail}, {}
        case OperationalError() | InterfaceError():
            log.exception("database.unavailable")
            database.close()
            detail = "The database is not responding. Nothing was changed. Try again soon."
            return 503, {"code": "database_unavailable", "detail": detail}, {"Retry-After": "5"}
        case MemoryError():
            log.exception("request.out_of_memory")
            return _domain(OutOfMemory())
        case _:
            log.exception("request.failed")
            return 500, {"code": "internal_error", "detail": INTERNAL_ERROR}, {}


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


def _validation(error: exceptions.ValidationError) -> InvalidInput:
    problems = list(islice(_problems(error.detail, ""), MAX_PROBLEMS))
    first = problems[0] if problems else Problem("", "invalid", "The input is not valid.")
    name = first.pointer.strip("/")
    return invalid_input(problems, f"{name}: {first.detail}" if name else first.detail)


def _problems(detail: Any, pointer: str) -> Iterator[Problem]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            here = pointer if name == "non_field_errors" else f"{pointer}/{escape_pointer(name)}"
            yield from _problems(inner, here)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            # A list of texts belongs to one field; nested lists and objects to items of a list.
            nested = isinstance(inner, (dict, list))
            yield from _problems(inner, f"{pointer}/{index}" if nested else pointer)
    else:
        yield Problem(pointer, getattr(detail, "code", "invalid"), str(detail))

"""Responses of bytes: to a signed link of the local storage, or to their owner through the API."""

from __future__ import annotations

import time
from typing import Any

from django.core.files.base import File
from django.core.signing import BadSignature
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from rest_framework.request import Request

from api.http import caching, conditional, error_handlers
from api.http.byte_ranges import send_range
from image_processor.library import picture_links
from image_processor.library.readiness import require_object
from image_processor.models import SourceImage, TransformedImage
from image_processor.storage import object_storage, signed_links
from image_processor.storage.errors import ObjectMissing
from image_processor.storage.local import FileLink


# Without it, Django answers a POST with a page about CSRF.
@method_decorator(csrf_exempt, name="dispatch")
class FileView(View):
    """`/files/<token>`: the address of the local storage's signed links. Needs no user."""

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        allowed = super().http_method_not_allowed(request, *args, **kwargs).headers["Allow"]
        detail = f"The method {request.method} is not possible here; {allowed} are."
        return error_handlers.plain_response(
            request, 405, "method_not_allowed", detail, {"Allow": allowed}
        )

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        try:
            link = FileLink.read(token)
        except BadSignature:
            return error_handlers.plain_response(
                request,
                403,
                "link_invalid",
                "This link was altered, or another service made it.",
            )
        left = link.expires - int(time.time())
        if left <= 0:
            return error_handlers.plain_response(
                request, 403, "link_expired", "This link has expired. Ask the API for a new one."
            )
        if not picture_links.is_present(link.picture):
            return error_handlers.not_found(request)
        try:
            file = object_storage().open_local(link.key)
        except ObjectMissing:
            file = None
        if file is None:
            return error_handlers.not_found(request)
        response = _file_response(file, link.content_type, link.disposition)
        response["Cache-Control"] = f"private, max-age={left}"
        return send_range(request, response)


def picture_response(
    picture: SourceImage | TransformedImage, request: Request, *, attachment: bool
) -> HttpResponseBase:
    """The bytes of the caller's picture: sent, or a redirect to a signed S3 link.

    The ETag is the digest of the bytes: 304 when the client has them already. Raises
    `ImageNotReady`.
    """
    stored = require_object(picture)
    etag = f'"{stored.metadata["sha256"]}"'
    if conditional.is_known(request, etag):
        headers = {"ETag": etag, "Cache-Control": caching.OWNER_AFTER_CHECK}
        return HttpResponse(status=304, headers=headers)
    name, content_type = picture.file_name, stored.content_type
    file = object_storage().open_local(stored.key)
    if file is None:  # it lies in S3
        return HttpResponseRedirect(
            signed_links.link_to(
                stored.key,
                content_type=content_type,
                file_name=name,
                picture=picture_links.name_of(picture),
                attachment=attachment,
            )
        )
    disposition = signed_links.disposition(name, content_type, attachment=attachment)
    response = _file_response(file, content_type, disposition)
    response["Cache-Control"] = caching.OWNER_AFTER_CHECK
    response["ETag"] = etag
    return send_range(request, response)


def _file_response(file: File[Any], content_type: str, disposition: str) -> FileResponse:
    response = FileResponse(file, content_type=content_type)
    response["Content-Disposition"] = disposition
    # Whatever these bytes are, a browser runs nothing of them.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

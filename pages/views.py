"""The answers outside of the API: pages, what they load, and what they must know first."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from whitenoise.middleware import WhiteNoiseMiddleware

from api.http import plain_problems
from api.http.problem import CONTENT_TYPE
from api.lists.pagination import NewestFirstPagination
from image_processor.conf import limits
from image_processor.engine.planning.validation import MAX_STEPS
from image_processor.engine.writing.formats import OUTPUT_FORMATS
from image_processor.transform.batches import MAX_IMAGES
from pages.access import elsewhere
from pages.export import Export, Missing, Page, current


@csrf_exempt  # what changes nothing needs no token, and 405 says more than a page about tokens
@require_safe
def exported(request: HttpRequest) -> HttpResponseBase:
    """Whatever the export has at this address."""
    export = current()
    if export is None:
        if request.path_info == "/":
            # Whoever opens the printed address finds what can be done here.
            return redirect("v1:docs")
        raise Http404
    page = export.page(request.path_info)
    return _page(request, page) if page else _file(request, export)


def _page(request: HttpRequest, page: Page) -> HttpResponseBase:
    place = elsewhere(request, page.path)
    response: HttpResponseBase
    if place is None:
        response = _with_policy(WhiteNoiseMiddleware.serve(page.file, request), page)
    else:
        response = HttpResponseRedirect(place, headers={"Cache-Control": "no-cache"})
    patch_vary_headers(response, ["Cookie"])
    return response


def _file(request: HttpRequest, export: Export) -> HttpResponseBase:
    file = export.files.get(request.path_info)
    if file is None:
        raise Http404
    return WhiteNoiseMiddleware.serve(file, request)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """`handler404`: the export's page for people, a problem for programs and below `/api/`."""
    export = current()
    if export is None or export.missing is None or request.path_info.startswith("/api/"):
        return plain_problems.not_found(request)
    response: HttpResponse
    # Named first, a problem is also what those get who take anything.
    preferred = request.get_preferred_type([CONTENT_TYPE, "text/html"])
    if preferred == "text/html":
        response = HttpResponse(
            export.missing.content, status=404, headers={"Cache-Control": "no-cache"}
        )
        _with_policy(response, export.missing)
    else:
        response = plain_problems.not_found(request)
    patch_vary_headers(response, ["Accept"])
    return response


def _with_policy(response: HttpResponseBase, page: Page | Missing) -> HttpResponseBase:
    """As `csp.decorators.csp_update` does for views whose policy is known beforehand."""
    response._csp_update = page.policy  # type: ignore[attr-defined]
    return response


@require_safe
def config(request: HttpRequest) -> JsonResponse:
    """`/config.json`: what the page asks for when it starts, before anybody has signed in.

    A page on another origin has a file of its own there, with `apiUrl`, and asks here for the rest.
    """
    limit = limits()
    body = {
        "apiUrl": "",  # this origin
        "emailVerification": settings.EMAIL_VERIFICATION,
        "passwordRules": password_validators_help_texts(),
        "upload": {
            "formats": limit.formats,
            "maxBytes": limit.max_file_bytes,
            "minSide": limit.min_side,
            "maxSide": limit.max_side,
            "maxPixels": limit.max_pixels,
            "maxFrames": limit.max_frames,
        },
        "outputFormats": list(OUTPUT_FORMATS),
        "linkLifetimeSeconds": settings.LINK_LIFETIME_SECONDS,
        "maxSteps": MAX_STEPS,
        "maxBatchImages": MAX_IMAGES,
        "pageSize": {
            "default": NewestFirstPagination.page_size,
            "max": NewestFirstPagination.max_page_size,
        },
    }
    return JsonResponse(body, headers={"Cache-Control": "no-store"})

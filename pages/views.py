"""The views outside of the API: pages, the files that they load, and `/config.json`."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.mail.backends.filebased import EmailBackend as FileBackend
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from whitenoise.middleware import WhiteNoiseMiddleware

from api.http import error_handlers
from api.http.problem import CONTENT_TYPE
from api.lists.pagination import NewestFirstPagination
from image_processor.configured_limits import limits
from image_processor.engine import readable_formats
from image_processor.engine.planning.parsing import MAX_STEPS
from image_processor.engine.writing.output_formats import OUTPUT_FORMATS
from image_processor.transform.batches import MAX_IMAGES
from pages.access import redirect_target
from pages.export import Export, Missing, Page, current


@csrf_exempt  # the view changes nothing, and a POST should get 405 instead of a CSRF page
@require_safe
def exported(request: HttpRequest) -> HttpResponseBase:
    """Serve the page or file that the export has at this path."""
    export = current()
    if export is None:
        if request.path_info == "/":
            # Without pages, the printed address leads to the API documentation.
            return redirect("v1:docs")
        raise Http404
    page = export.page(request.path_info)
    return _page(request, page) if page else _file(request, export)


def _page(request: HttpRequest, page: Page) -> HttpResponseBase:
    target = redirect_target(request, page.path)
    response: HttpResponseBase
    if target is None:
        response = _with_policy(WhiteNoiseMiddleware.serve(page.file, request), page)
    else:
        response = HttpResponseRedirect(target, headers={"Cache-Control": "no-cache"})
    patch_vary_headers(response, ["Cookie"])
    return response


def _file(request: HttpRequest, export: Export) -> HttpResponseBase:
    file = export.files.get(request.path_info)
    if file is None:
        raise Http404
    return WhiteNoiseMiddleware.serve(file, request)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """`handler404`: the export's page for people; a problem for programs and below `/api/`."""
    export = current()
    if export is None or export.missing is None or request.path_info.startswith("/api/"):
        return error_handlers.not_found(request)
    response: HttpResponse
    # Clients that accept anything get the problem, because it comes first.
    preferred = request.get_preferred_type([CONTENT_TYPE, "text/html"])
    if preferred == "text/html":
        response = HttpResponse(
            export.missing.content, status=404, headers={"Cache-Control": "no-cache"}
        )
        _with_policy(response, export.missing)
    else:
        response = error_handlers.not_found(request)
    patch_vary_headers(response, ["Accept"])
    return response


def _with_policy(response: HttpResponseBase, page: Page | Missing) -> HttpResponseBase:
    """Extend the policy of a response, as `csp.decorators.csp_update` does for a whole view."""
    response._csp_update = page.policy  # type: ignore[attr-defined]
    return response


@require_safe
def config(request: HttpRequest) -> JsonResponse:
    """`/config.json`: the settings that the page loads when it starts, before any sign-in.

    A page on another origin has its own `/config.json` with `apiUrl`, and loads the rest from here.
    """
    limit = limits()
    body = {
        "apiUrl": "",  # this origin
        "passwordRules": password_validators_help_texts(),
        "upload": {
            "formats": readable_formats(),
            "maxBytes": limit.max_file_bytes,
            "minSide": limit.min_side,
            "maxSide": limit.max_side,
            "maxPixels": limit.max_pixels,
            "maxFrames": limit.max_frames,
        },
        "outputFormats": list(OUTPUT_FORMATS),
        "linkLifetimeSeconds": settings.LINK_LIFETIME_SECONDS,
        "mailFolder": _mail_folder(),
        "maxSteps": MAX_STEPS,
        "maxBatchImages": MAX_IMAGES,
        "pageSize": {
            "default": NewestFirstPagination.page_size,
            "max": NewestFirstPagination.max_page_size,
        },
    }
    return JsonResponse(body, headers={"Cache-Control": "no-store"})


def _mail_folder() -> str | None:
    """The folder with the mails of a service that writes them to files instead of sending them.

    None for a service that sends mails.
    """
    if not issubclass(import_string(settings.EMAIL_BACKEND), FileBackend):
        return None
    folder = Path(settings.EMAIL_FILE_PATH)  # type: ignore[misc]  # follows from EMAIL_URL
    here = Path.cwd()
    return str(folder.relative_to(here) if folder.is_relative_to(here) else folder)

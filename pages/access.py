"""Which pages need a sign-in.

Pages that are not listed here are for signed-in people, so a new page is private by default. Pages
hold no data, so this protects nothing: it only spares people a page that would redirect them to
the sign-in a moment later.
"""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from api.auth.cookies import SIGNED_IN

SIGN_IN = "/login/"
HOME = "/gallery/"
# Pages that make no sense to a signed-in person.
SIGNED_OUT_ONLY = frozenset({SIGN_IN, "/signup/"})
PUBLIC = frozenset({"/", "/forgot/", "/reset/", "/verify-email/", *SIGNED_OUT_ONLY})


def redirect_target(request: HttpRequest, page: str) -> str | None:
    """Return where the person must go instead of `page`, or None if they may open it."""
    if SIGNED_IN in request.COOKIES:
        return next_page(request) if page in SIGNED_OUT_ONLY else None
    if page in PUBLIC:
        return None
    return f"{SIGN_IN}?next={quote(request.get_full_path(), safe='/')}"


def next_page(request: HttpRequest) -> str:
    """Return the page that `?next=` names if it belongs to this service, else the gallery."""
    path = request.GET.get("next", "")
    is_own = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_own else HOME

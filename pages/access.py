"""Who may open which page.

The only list of it on the server. What is not named here is for people who are signed in, so that
a new page is private until somebody says otherwise. Pages hold no data: this spares people a
glance at a page that would send them to sign in a moment later, and guards nothing.
"""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from api.auth.cookies import SIGNED_IN

SIGN_IN = "/login/"
HOME = "/gallery/"
# Senseless for somebody who is signed in.
FOR_STRANGERS = frozenset({SIGN_IN, "/signup/"})
PUBLIC = frozenset({"/", "/forgot/", "/reset/", "/verify-email/", *FOR_STRANGERS})


def elsewhere(request: HttpRequest, page: str) -> str | None:
    """Where the person who asked for this page must go instead; None if it is for them."""
    if SIGNED_IN in request.COOKIES:
        return wanted(request) if page in FOR_STRANGERS else None
    if page in PUBLIC:
        return None
    return f"{SIGN_IN}?next={quote(request.get_full_path(), safe='/')}"


def wanted(request: HttpRequest) -> str:
    """The page that `?next=` asks for, if it is one of this service's, else the gallery."""
    path = request.GET.get("next", "")
    ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if ours else HOME

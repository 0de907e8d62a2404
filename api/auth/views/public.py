"""Base classes of views that anyone may call."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from api.http.origin import require_allowed_origin
from api.requests.parsers import FORM_PARSERS


class PublicViewSet(ViewSet):
    """Anyone may call it; an expired or broken cookie in the request is ignored."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = FORM_PARSERS


class OwnPagesViewSet(PublicViewSet):
    """Browsers may POST only from an allowed origin.

    Otherwise a foreign page could, for example, sign a visitor in to somebody else's account.
    """

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            require_allowed_origin(request, by_cookie=False)

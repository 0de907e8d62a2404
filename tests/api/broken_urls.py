"""Routes that fail in every way a bug can: `settings.ROOT_URLCONF` of some tests."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from image_processing_service.urls import urlpatterns as real


class BrokenView(APIView):
    """A bug in a view."""

    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:
        raise ZeroDivisionError("the secret of the trace")


class BrokenAnswer(APIView):
    """A bug that only shows when the answer is written."""

    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:
        return Response({"value": object()})


def broken_plain(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """A bug outside of DRF."""
    raise ZeroDivisionError("the secret of the trace")


urlpatterns = [
    path("api/v1/broken/view/", BrokenView.as_view()),
    path("api/v1/broken/answer/", BrokenAnswer.as_view()),
    path("api/v1/broken/plain/", broken_plain),
    *real,
]

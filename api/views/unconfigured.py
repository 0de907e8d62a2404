"""Routes of capabilities that this service does not have yet; each answers 409.

The answer is not 404, because the address is right. It is not 501, because monitoring would report
a failure and clients would retry.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from api.auth.permissions import Scope
from api.auth.views.public import PublicViewSet
from api.schema import problems
from api.serializers.images import ImageProgressSerializer
from api.views.base import OwnedViewSet
from image_processor.library import selectors
from image_processor.models import SourceImage
from utils.errors import DomainError


class PaymentsNotConfigured(DomainError):
    code = "payments_not_configured"
    status = 409
    title = "Payments not configured"


class AnalysisNotConfigured(DomainError):
    code = "analysis_not_configured"
    status = 409
    title = "Analysis not configured"


def _no_payments() -> PaymentsNotConfigured:
    return PaymentsNotConfigured(
        "No payment provider is configured. Every feature works without a payment."
    )


class PaymentsViewSet(ViewSet):
    """Payments, for which no provider is configured."""

    @extend_schema(summary="Payments (not configured)", request=None, responses=problems(409))
    def refuse(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise _no_payments()


class PaymentWebhookViewSet(PublicViewSet):
    """Messages of a payment provider, of which none is configured."""

    @extend_schema(
        summary="Messages of a payment provider (not configured)",
        request=None,
        responses=problems(409),
    )
    def refuse(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise _no_payments()


class AnalysisViewSet(OwnedViewSet[SourceImage]):
    """Analyses of images, for which no provider is configured."""

    owned_by = staticmethod(selectors.images_of)
    serializer_class = ImageProgressSerializer  # for OPTIONS
    required_scopes = {"analyze": Scope.TASKS, "analysis": Scope.IMAGES_READ}

    @extend_schema(
        summary="Analyse an image (not configured)",
        request=None,
        responses=problems(404, 409),
    )
    @action(detail=True, methods=["post"])
    def analyze(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise self._refusal()

    @extend_schema(summary="Show an analysis (not configured)", responses=problems(404, 409))
    @action(detail=True)
    def analysis(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise self._refusal()

    def _refusal(self) -> AnalysisNotConfigured:
        self.get_object()  # 404 for another owner's image
        return AnalysisNotConfigured("No provider of analyses is configured here.")

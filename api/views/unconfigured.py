"""Capabilities that this service does not have yet: their routes answer, and say so.

409 and not 404 or 501: the address is right and the request may be, but the service is in no
state to carry it out; no retry helps, and no monitoring should ring.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
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
    title = "This service takes no payments"


class AnalysisNotConfigured(DomainError):
    code = "analysis_not_configured"
    status = 409
    title = "This service does not analyse pictures"


def _no_payments() -> PaymentsNotConfigured:
    return PaymentsNotConfigured("No payment provider is configured here, and nothing is locked.")


class PaymentsViewSet(ViewSet):
    """`payments/`."""

    @extend_schema(
        summary="Payments, which are not configured", request=None, responses=problems(409)
    )
    def refuse(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise _no_payments()


class PaymentWebhookViewSet(PublicViewSet):
    """`payments/webhook/`: where a payment provider would call."""

    @extend_schema(
        summary="Messages of a payment provider, which is not configured",
        request=None,
        responses=problems(409),
    )
    def refuse(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise _no_payments()


class AnalysisViewSet(OwnedViewSet[SourceImage]):
    """`images/<id>/analyze/` and `images/<id>/analysis/`."""

    serializer_class = ImageProgressSerializer  # for OPTIONS
    required_scopes = {"analyze": Scope.TASKS, "analysis": Scope.IMAGES_READ}

    def owned_by(self, owner_id: int) -> QuerySet[SourceImage]:
        return selectors.images_of(owner_id)

    @extend_schema(
        summary="Ask for an analysis, which is not configured",
        request=None,
        responses=problems(404, 409),
    )
    def analyze(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise self._refusal()

    @extend_schema(
        summary="Show an analysis, which is not configured", responses=problems(404, 409)
    )
    def analysis(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise self._refusal()

    def _refusal(self) -> AnalysisNotConfigured:
        self.get_object()  # another's image is not there, whatever is configured
        return AnalysisNotConfigured("No provider of analyses is configured here.")

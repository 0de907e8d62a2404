"""Deliveries of the caller's webhooks. Closed to API keys."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.http.reverse import reverse
from api.requests.bodies.nothing import NoBody
from api.requests.idempotency import Claim, idempotent
from api.schema import IF_NONE_MATCH, LOCATION, NOT_MODIFIED, etag, problems
from api.views.base import OwnedViewSet, RetrieveMixin
from webhooks import endpoints
from webhooks.api.serializers import DeliverySerializer
from webhooks.delivery import deliveries, requested_deliveries
from webhooks.models import Delivery, Webhook


class WebhookDeliveriesViewSet(OwnedViewSet[Delivery]):
    """Deliveries of one webhook."""

    owned_by = staticmethod(deliveries.of_owner)
    serializer_class = DeliverySerializer
    rate_scope = "webhook_tests"

    def _webhook(self) -> Webhook:
        return get_object_or_404(endpoints.of_owner(self.owner_id), pk=self.kwargs["pk"])

    @extend_schema(
        summary="List the deliveries of a webhook",
        description="Deliveries are kept for 30 days.",
        responses={200: DeliverySerializer(many=True), **problems(404)},
    )
    @action(detail=True)
    def deliveries(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.page(self.get_queryset().filter(webhook=self._webhook()))

    @extend_schema(
        summary="Send a test message to a webhook",
        request=None,
        parameters=[LOCATION],
        responses={201: DeliverySerializer, **problems(400, 404, 409)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def test(self, request: Request, *args: Any, claim: Claim, **kwargs: Any) -> Response:
        NoBody.parse(request.data)
        webhook = self._webhook()
        with transaction.atomic():
            delivery = requested_deliveries.send_test(webhook)
            claim.complete(delivery.pk)
        return self._created(delivery)

    def show_created(self, pk: int) -> Response:
        return self._created(self.get_queryset().get(pk=pk))

    def _created(self, delivery: Delivery) -> Response:
        headers = {"Location": reverse("webhook-delivery", pk=delivery.pk)}
        return Response(self.get_serializer(delivery).data, status=201, headers=headers)


@extend_schema_view(
    retrieve=extend_schema(
        summary="Show a delivery with its attempts",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={200: DeliverySerializer, **NOT_MODIFIED, **problems(404)},
    )
)
class DeliveryViewSet(RetrieveMixin, OwnedViewSet[Delivery]):
    """Single deliveries."""

    owned_by = staticmethod(deliveries.of_owner)
    serializer_class = DeliverySerializer
    rate_scope = "webhook_tests"

    @extend_schema(
        summary="Send a finished delivery again",
        description="The message has the same `webhook-id` and body.",
        request=None,
        responses={200: DeliverySerializer, **problems(404, 409)},
    )
    def redeliver(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        NoBody.parse(request.data)
        requested_deliveries.redeliver(self.get_object())
        return Response(self.get_serializer(self.get_object()).data)

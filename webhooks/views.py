"""`webhooks/`: one's webhooks and their deliveries. None of it is open to API keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.http import conditional
from api.http.object_urls import reverse
from api.requests.idempotency import idempotent
from api.schema import CONDITIONS, IF_NONE_MATCH, LOCATION, NOT_MODIFIED, etag, problems
from api.views.base import OwnedViewSet
from webhooks import services
from webhooks.models import Delivery, Webhook
from webhooks.requests import WebhookChangeRequest, WebhookRequest
from webhooks.serializers import (
    DeliverySerializer,
    SecretWebhookSerializer,
    WebhookSerializer,
)

_SHOWN_ONCE = "Keep the secret in a safe place: it is shown in this answer only."
_NOT_AGAIN = (
    "This webhook was created by an earlier request, whose answer showed its secret. If it was "
    "lost, ask for another one (rotate-secret)."
)
_OLD_SIGNS_TOO = f"{_SHOWN_ONCE} For 24 hours messages are signed with the one before, too."


class WebhookViewSet(OwnedViewSet[Webhook]):
    """Addresses that are told of events."""

    serializer_class = WebhookSerializer

    def owned_by(self, owner_id: int) -> QuerySet[Webhook]:
        return Webhook.objects.filter(owner_id=owner_id)

    @extend_schema(summary="List your webhooks", responses=WebhookSerializer)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(
        summary="Show a webhook without its secret",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={200: WebhookSerializer, **NOT_MODIFIED, **problems(404)},
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(
        summary="Create a webhook",
        description="Messages are signed as Standard Webhooks 1.0 has it. The secret is shown in "
        "this answer only; a replay (`Idempotency-Key`) has it null.",
        request=WebhookRequest,
        parameters=[LOCATION],
        responses={201: SecretWebhookSerializer, **problems(400, 409, 422)},
    )
    @idempotent
    def create(
        self,
        request: Request,
        *args: Any,
        on_created: Callable[[int], None] | None,
        **kwargs: Any,
    ) -> Response:
        body = WebhookRequest.parse(request.data)
        webhook = services.create(self.owner_id, on_created=on_created, **body.given())
        return self._created(webhook, webhook.secret, _SHOWN_ONCE)

    def show_created(self, pk: int) -> Response:
        return self._created(self.get_queryset().get(pk=pk), None, _NOT_AGAIN)

    def _created(self, webhook: Webhook, secret: str | None, detail: str) -> Response:
        answer = self._with_secret(webhook, secret, detail, status=201)
        answer["Location"] = reverse("webhook", pk=webhook.pk)
        return answer

    def _with_secret(
        self, webhook: Webhook, secret: str | None, detail: str, status: int = 200
    ) -> Response:
        body = WebhookSerializer(webhook).data | {"secret": secret, "detail": detail}
        return Response(body, status=status, headers={"Cache-Control": "no-store"})

    @extend_schema(
        summary="Change, disable or enable a webhook",
        request=WebhookChangeRequest,
        parameters=[*CONDITIONS, etag(200)],
        responses={200: WebhookSerializer, **problems(400, 404, 412, 422)},
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        data = request.data  # a body that cannot be read is refused first
        webhook = self.get_object()
        check = partial(conditional.require_current, request)
        check(webhook)
        change = WebhookChangeRequest.parse(data).given()
        if "url" in change:
            services.require_usable(change["url"])
        try:
            return self.show(services.change(webhook, check=check, **change))
        except Webhook.DoesNotExist as error:
            raise Http404 from error

    @extend_schema(
        summary="Delete a webhook with its deliveries",
        parameters=CONDITIONS,
        responses={204: None, **problems(404, 412)},
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check = partial(conditional.require_current, request)
        try:
            services.delete(self.get_object(), check=check)
        except Webhook.DoesNotExist as error:
            raise Http404 from error
        return Response(status=204)

    @extend_schema(
        summary="Give a webhook a new secret",
        description="For 24 hours messages carry a signature by the old secret, too.",
        request=None,
        responses={200: SecretWebhookSerializer, **problems(404, 409)},
    )
    def rotate_secret(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        try:
            webhook = services.rotate_secret(self.get_object())
        except Webhook.DoesNotExist as error:
            raise Http404 from error
        return self._with_secret(webhook, webhook.secret, _OLD_SIGNS_TOO)


class WebhookDeliveriesViewSet(OwnedViewSet[Delivery]):
    """Deliveries of one webhook."""

    serializer_class = DeliverySerializer

    def owned_by(self, owner_id: int) -> QuerySet[Delivery]:
        return Delivery.objects.filter(owner_id=owner_id)

    def _webhook(self) -> Webhook:
        return get_object_or_404(Webhook, owner_id=self.owner_id, pk=self.kwargs["pk"])

    @extend_schema(
        summary="List the deliveries of a webhook",
        description="Those of the last 30 days.",
        responses={200: DeliverySerializer(many=True), **problems(404)},
    )
    def deliveries(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.page(self.get_queryset().filter(webhook=self._webhook()))

    @extend_schema(
        summary="Have a test message sent to a webhook",
        request=None,
        parameters=[LOCATION],
        responses={201: DeliverySerializer, **problems(400, 404, 409)},
    )
    @idempotent
    def create(
        self,
        request: Request,
        *args: Any,
        on_created: Callable[[int], None] | None,
        **kwargs: Any,
    ) -> Response:
        try:
            delivery = services.send_test(self._webhook(), on_created=on_created)
        except Webhook.DoesNotExist as error:
            raise Http404 from error
        return self.show_created(delivery.pk)

    def show_created(self, pk: int) -> Response:
        delivery = self.get_queryset().get(pk=pk)
        headers = {"Location": reverse("webhook-delivery", pk=pk)}
        return Response(self.get_serializer(delivery).data, status=201, headers=headers)


class DeliveryViewSet(OwnedViewSet[Delivery]):
    """Single deliveries."""

    serializer_class = DeliverySerializer

    def owned_by(self, owner_id: int) -> QuerySet[Delivery]:
        return Delivery.objects.filter(owner_id=owner_id).select_related("webhook")

    @extend_schema(
        summary="Show a delivery with its attempts",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={200: DeliverySerializer, **NOT_MODIFIED, **problems(404)},
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(
        summary="Send a delivery that has ended once more",
        description="With the same `webhook-id` and body.",
        request=None,
        responses={200: DeliverySerializer, **problems(404, 409)},
    )
    def redeliver(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        try:
            services.redeliver(self.get_object())
        except Webhook.DoesNotExist as error:
            raise Http404 from error
        return Response(self.get_serializer(self.get_object()).data)

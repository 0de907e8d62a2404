"""`webhooks/`: the caller's webhooks. Closed to API keys."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.credentials import lock_caller
from api.http import conditional
from api.http.reverse import reverse
from api.requests.bodies.nothing import NoBody
from api.requests.idempotency import Claim, idempotent
from api.schema import CONDITIONS, IF_NONE_MATCH, LOCATION, NOT_MODIFIED, etag, problems
from api.views.base import ListMixin, OwnedViewSet, RetrieveMixin
from utils.outbound.reachability import require_reachable
from webhooks import endpoints
from webhooks.api.request_bodies import WebhookChangeRequest, WebhookRequest
from webhooks.api.serializers import SecretWebhookSerializer, WebhookSerializer
from webhooks.models import Webhook

_SHOWN_ONCE = "Keep the secret in a safe place: only this answer shows it."
_NOT_AGAIN = (
    "An earlier request created this webhook, and its answer showed the secret. If you lost the "
    "secret, rotate it (rotate-secret)."
)
_OLD_SIGNS_TOO = f"{_SHOWN_ONCE} For 24 hours the old secret signs messages, too."


@extend_schema_view(
    list=extend_schema(summary="List your webhooks", responses=WebhookSerializer),
    retrieve=extend_schema(
        summary="Show a webhook without its secret",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={200: WebhookSerializer, **NOT_MODIFIED, **problems(404)},
    ),
)
class WebhookViewSet(ListMixin, RetrieveMixin, OwnedViewSet[Webhook]):
    """Addresses that receive events."""

    collection_name = "webhooks"
    owned_by = staticmethod(endpoints.of_owner)
    serializer_class = WebhookSerializer

    @extend_schema(
        summary="Create a webhook",
        description="Messages are signed as Standard Webhooks 1.0 describes. Only this answer "
        "shows the secret; in a replay (`Idempotency-Key`) it is null.",
        request=WebhookRequest,
        parameters=[LOCATION],
        responses={201: SecretWebhookSerializer, **problems(400, 409, 422)},
    )
    @idempotent
    def create(self, request: Request, *args: Any, claim: Claim, **kwargs: Any) -> Response:
        body = WebhookRequest.parse(request.data)
        require_reachable(body.url)
        with transaction.atomic():
            lock_caller(self.owner_id, request.auth)
            webhook = endpoints.create(self.owner_id, **body.given())
            claim.complete(webhook.pk)
        return self._created(webhook, webhook.secret, _SHOWN_ONCE)

    def show_created(self, pk: int) -> Response:
        return self._created(self.get_queryset().get(pk=pk), None, _NOT_AGAIN)

    def _created(self, webhook: Webhook, secret: str | None, detail: str) -> Response:
        response = self._with_secret(webhook, secret, detail, status=201)
        response["Location"] = reverse("webhook", pk=webhook.pk)
        return response

    def _with_secret(
        self, webhook: Webhook, secret: str | None, detail: str, status: int = 200
    ) -> Response:
        body = WebhookSerializer(webhook).data | {"secret": secret, "detail": detail}
        return Response(body, status=status)

    @extend_schema(
        summary="Change, disable or enable a webhook",
        request=WebhookChangeRequest,
        parameters=[*CONDITIONS, etag(200)],
        responses={200: WebhookSerializer, **problems(400, 404, 412, 422)},
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        data = request.data  # a body that cannot be read is refused first
        webhook = self.get_object()
        change = WebhookChangeRequest.parse(data).given()
        if "url" in change:
            require_reachable(change["url"])
        expected = conditional.expected_version(request)
        with transaction.atomic():
            lock_caller(self.owner_id, request.auth)
            changed = endpoints.change(webhook, expected_version=expected, **change)
        return self.show(changed)

    @extend_schema(
        summary="Delete a webhook with its deliveries",
        parameters=CONDITIONS,
        responses={204: None, **problems(404, 412)},
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        expected = conditional.expected_version(request)
        endpoints.delete(self.get_object(), expected_version=expected)
        return Response(status=204)

    @extend_schema(
        summary="Rotate the secret of a webhook",
        description="For 24 hours messages also carry a signature by the old secret.",
        request=None,
        responses={200: SecretWebhookSerializer, **problems(404, 409)},
    )
    @action(detail=True, methods=["post"], url_path="rotate-secret", url_name="rotate-secret")
    def rotate_secret(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        NoBody.parse(request.data)
        with transaction.atomic():
            lock_caller(self.owner_id, request.auth)
            webhook = endpoints.rotate_secret(self.get_object())
        return self._with_secret(webhook, webhook.secret, _OLD_SIGNS_TOO)

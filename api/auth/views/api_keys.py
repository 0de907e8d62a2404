"""`auth/api-keys/`: the API keys of the signed-in user. API keys cannot use these routes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import api_keys
from accounts.models import ApiKey
from api.auth.serializers.api_keys import (
    ApiKeySerializer,
    CreatedApiKeySerializer,
    NewApiKeySerializer,
)
from api.http import conditional
from api.http.object_urls import reverse
from api.requests.idempotency import idempotent
from api.schema import CONDITIONS, IF_NONE_MATCH, LOCATION, NOT_MODIFIED, etag, problems
from api.views.base import OwnedViewSet

_SHOWN_ONCE = "Keep the key in a safe place: only this answer shows it."
_NOT_AGAIN = (
    "An earlier request created this key, and its answer showed the key. The key is not stored. "
    "If you lost it, delete it and create another key with a new Idempotency-Key."
)


class ApiKeyViewSet(OwnedViewSet[ApiKey]):
    """API keys for programs; each key has scopes."""

    serializer_class = ApiKeySerializer

    def owned_by(self, owner_id: int) -> QuerySet[ApiKey]:
        return ApiKey.objects.filter(user_id=owner_id)

    @extend_schema(summary="List your API keys", responses=ApiKeySerializer)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(
        summary="Show an API key without its secret",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={200: ApiKeySerializer, **NOT_MODIFIED, **problems(404)},
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(
        summary="Create an API key",
        description="Only this answer shows the key; in a replay (`Idempotency-Key`), `key` is "
        "null. API keys stay valid when the password is changed or reset.",
        request=NewApiKeySerializer,
        parameters=[LOCATION],
        responses={201: CreatedApiKeySerializer, **problems(400, 409)},
    )
    @idempotent
    def create(
        self,
        request: Request,
        *args: Any,
        on_created: Callable[[int], None] | None,
        **kwargs: Any,
    ) -> Response:
        form = NewApiKeySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        row, key = api_keys.create(self.owner_id, on_created=on_created, **form.validated_data)
        return self._answer(row, key, _SHOWN_ONCE)

    def show_created(self, pk: int) -> Response:
        return self._answer(self.get_queryset().get(pk=pk), None, _NOT_AGAIN)

    def _answer(self, row: ApiKey, key: str | None, detail: str) -> Response:
        body = ApiKeySerializer(row).data | {"key": key, "detail": detail}
        location = reverse("api-key", pk=row.pk)
        headers = {"Location": location, "Cache-Control": "no-store"}
        return Response(body, status=201, headers=headers)

    @extend_schema(
        summary="Delete an API key; requests with it are refused from then on",
        parameters=CONDITIONS,
        responses={204: None, **problems(404, 412)},
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with transaction.atomic():
            row = self.get_locked()
            conditional.require_current(request, row)
            api_keys.delete(row)
        return Response(status=204)

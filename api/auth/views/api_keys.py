"""`auth/api-keys/`: the API keys of the signed-in user. API keys cannot use these routes."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import api_keys
from accounts.access.credentials import lock_caller
from accounts.models import ApiKey
from api.auth.serializers.api_keys import (
    ApiKeySerializer,
    CreatedApiKeySerializer,
    NewApiKeySerializer,
)
from api.http import conditional
from api.http.reverse import reverse
from api.requests.idempotency import Claim, idempotent
from api.schema import CONDITIONS, IF_NONE_MATCH, LOCATION, NOT_MODIFIED, etag, problems
from api.views.base import ListMixin, OwnedViewSet, RetrieveMixin

_SHOWN_ONCE = "Keep the key in a safe place: only this answer shows it."
_NOT_AGAIN = (
    "An earlier request created this key, and its answer showed the key. The key is not stored. "
    "If you lost it, delete this key and create another with a new Idempotency-Key."
)


@extend_schema_view(
    list=extend_schema(summary="List your API keys", responses=ApiKeySerializer),
    retrieve=extend_schema(
        summary="Show an API key without its secret",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={200: ApiKeySerializer, **NOT_MODIFIED, **problems(404)},
    ),
)
class ApiKeyViewSet(ListMixin, RetrieveMixin, OwnedViewSet[ApiKey]):
    """API keys for programs; each key has scopes."""

    owned_by = staticmethod(api_keys.of_owner)
    serializer_class = ApiKeySerializer

    @extend_schema(
        summary="Create an API key",
        description="The key is shown in this answer only. A replay (`Idempotency-Key`) shows the "
        "row with `key` null. Changing or resetting the password does not end API keys.",
        request=NewApiKeySerializer,
        parameters=[LOCATION],
        responses={201: CreatedApiKeySerializer, **problems(400, 409)},
    )
    @idempotent
    def create(self, request: Request, *args: Any, claim: Claim, **kwargs: Any) -> Response:
        form = NewApiKeySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        with transaction.atomic():
            lock_caller(self.owner_id, request.auth)
            row, key = api_keys.create(self.owner_id, **form.validated_data)
            claim.complete(row.pk)
        return self._created(row, key, _SHOWN_ONCE)

    def show_created(self, pk: int) -> Response:
        return self._created(self.get_queryset().get(pk=pk), None, _NOT_AGAIN)

    def _created(self, row: ApiKey, key: str | None, detail: str) -> Response:
        body = ApiKeySerializer(row).data | {"key": key, "detail": detail}
        return Response(body, status=201, headers={"Location": reverse("api-key", pk=row.pk)})

    @extend_schema(
        summary="Delete an API key; requests that use it are refused from then on",
        parameters=CONDITIONS,
        responses={204: None, **problems(404, 412)},
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        expected = conditional.expected_version(request)
        api_keys.delete(self.get_object(), expected_version=expected)
        return Response(status=204)

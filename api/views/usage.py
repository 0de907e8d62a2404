"""Quotas and what is used of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from api.auth.permissions import Scope
from api.serializers.usage import UsageSerializer
from image_processor.library.accounting import usage


class UsageViewSet(ViewSet):
    """Quotas, and what the caller has used of them."""

    required_scopes: ClassVar[Mapping[str, Scope]] = {"retrieve": Scope.IMAGES_READ}

    @extend_schema(summary="Show your quotas and what is used of them", responses=UsageSerializer)
    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        assert request.user.pk is not None
        return Response(UsageSerializer(usage.describe(request.user.pk)).data)

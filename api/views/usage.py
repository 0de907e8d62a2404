"""Quotas and what is used of them."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from api.serializers.usage import UsageSerializer
from image_processor import selectors


class UsageViewSet(ViewSet):
    """`usage/`."""

    @extend_schema(summary="Show your quotas and what is used of them", responses=UsageSerializer)
    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        assert request.user.pk is not None
        return Response(UsageSerializer(selectors.usage_of(request.user.pk)).data)

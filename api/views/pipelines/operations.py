"""The catalogue of operations, as the engine declares them."""

from __future__ import annotations

import functools
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from api.http import caching
from api.schema import CATALOGUE_ITEM
from image_processor import engine


@functools.cache
def _catalogue() -> list[dict[str, Any]]:
    return engine.catalogue()


class OperationViewSet(ViewSet):
    """The operations that pipelines consist of. Needs no sign-in."""

    permission_classes = [AllowAny]

    @extend_schema(
        summary="List the operations and their parameters",
        responses={(200, "application/json"): CATALOGUE_ITEM},
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(_catalogue(), headers={"Cache-Control": caching.EVERYBODY})

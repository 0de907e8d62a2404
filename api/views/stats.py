"""The numbers of the dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.core.cache import cache
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from api.auth.permissions import Scope
from api.serializers.stats import StatsSerializer
from image_processor.library.accounting import stats

# Short enough to look live, and long enough that a page that polls costs little. Writes do not
# invalidate the cached numbers, so a busy owner's writes cost nothing more.
CACHED_SECONDS = 10


class StatsViewSet(ViewSet):
    """The numbers of the caller's account."""

    required_scopes: ClassVar[Mapping[str, Scope]] = {"retrieve": Scope.TASKS}

    @extend_schema(
        summary="Show your numbers: images, tasks, operations, seconds",
        description=f"They are up to {CACHED_SECONDS} seconds old, see `computed_at`.",
        responses=StatsSerializer,
    )
    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        assert request.user.pk is not None
        key = f"stats:{request.user.pk}"
        numbers = cache.get(key)
        if numbers is None:
            numbers = stats.collect(request.user.pk)
            cache.set(key, numbers, CACHED_SECONDS)
        return Response(numbers)

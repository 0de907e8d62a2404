"""`presets/`: pipelines under a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth.permissions import Scope
from api.http import conditional
from api.http.object_urls import reverse
from api.requests.idempotency import idempotent
from api.requests.preset import PresetChangeRequest, PresetRequest
from api.schema import CONDITIONS, IF_NONE_MATCH, LOCATION, NOT_MODIFIED, etag, problems
from api.serializers.presets import PresetSerializer
from api.views.base import OwnedViewSet
from image_processor.library import selectors
from image_processor.models import Preset
from image_processor.transform import presets


class PresetViewSet(OwnedViewSet[Preset]):
    """Named pipelines, used as `preset` in place of `transformations`."""

    serializer_class = PresetSerializer
    required_scopes = dict.fromkeys(
        ("list", "create", "retrieve", "update", "partial_update", "destroy"), Scope.TASKS
    )

    def owned_by(self, owner_id: int) -> QuerySet[Preset]:
        return selectors.presets_of(owner_id)

    @extend_schema(summary="List your presets", responses=PresetSerializer)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(
        summary="Save a pipeline under a name",
        description=f"At most {presets.MAX_PER_USER} of a user, each with a name of its own.",
        request=PresetRequest,
        parameters=[LOCATION, etag(201)],
        responses={201: PresetSerializer, **problems(400, 404, 409, 422)},
    )
    @idempotent
    def create(
        self,
        request: Request,
        *args: Any,
        on_created: Callable[[int], None] | None,
        **kwargs: Any,
    ) -> Response:
        body = PresetRequest.parse(request.data)
        preset = presets.create(self.owner_id, on_created=on_created, **body.content())
        return self.show_created(preset.pk)

    def show_created(self, pk: int) -> Response:
        preset = self.get_queryset().get(pk=pk)
        headers = {"Location": reverse("preset", pk=pk), "ETag": conditional.etag_of(preset)}
        return Response(self.get_serializer(preset).data, status=201, headers=headers)

    @extend_schema(
        summary="Show a preset",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={200: PresetSerializer, **NOT_MODIFIED, **problems(404)},
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(
        summary="Give a preset another content",
        description="Tasks that were made with it stay as they are.",
        request=PresetRequest,
        parameters=[*CONDITIONS, etag(200)],
        responses={200: PresetSerializer, **problems(400, 404, 409, 412, 422)},
    )
    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._change(request, PresetRequest)

    @extend_schema(
        summary="Change parts of a preset",
        description="What the body does not name stays; an option that is null is taken away. "
        "Tasks that were made with it stay as they are.",
        request=PresetChangeRequest,
        parameters=[*CONDITIONS, etag(200)],
        responses={200: PresetSerializer, **problems(400, 404, 409, 412, 422)},
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._change(request, PresetChangeRequest)

    def _change(self, request: Request, model: type[PresetChangeRequest]) -> Response:
        data = request.data  # a body that cannot be read is refused first
        with transaction.atomic():
            preset = self.get_locked()
            conditional.require_current(request, preset)
            kept = {} if model is PresetRequest else _kept(preset)
            presets.change(preset, **model.parse(data).content(kept))
        return self.show(preset)

    @extend_schema(
        summary="Delete a preset; what was made with it stays",
        parameters=CONDITIONS,
        responses={204: None, **problems(404, 412)},
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with transaction.atomic():
            preset = self.get_locked()
            conditional.require_current(request, preset)
            preset.delete()
        return Response(status=204)


def _kept(preset: Preset) -> dict[str, Any]:
    return {
        "name": preset.name,
        "description": preset.description,
        "transformations": preset.transformations,
        **preset.options,
    }

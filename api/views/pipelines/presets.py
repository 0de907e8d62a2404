"""`presets/`: named pipelines."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth.permissions import Scope
from api.http import conditional
from api.http.reverse import reverse
from api.requests.bodies.preset import PresetChangeRequest, PresetRequest
from api.requests.idempotency import Claim, idempotent
from api.schema import CONDITIONS, IF_NONE_MATCH, LOCATION, NOT_MODIFIED, etag, problems
from api.serializers.presets import PresetSerializer
from api.views.base import ListMixin, OwnedViewSet, RetrieveMixin
from image_processor.library import selectors
from image_processor.models import Preset
from image_processor.transform import presets


@extend_schema_view(
    list=extend_schema(summary="List your presets", responses=PresetSerializer),
    retrieve=extend_schema(
        summary="Show a preset",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={200: PresetSerializer, **NOT_MODIFIED, **problems(404)},
    ),
)
class PresetViewSet(ListMixin, RetrieveMixin, OwnedViewSet[Preset]):
    """Named pipelines, used as `preset` in place of `transformations`."""

    collection_name = "presets"
    owned_by = staticmethod(selectors.presets_of)
    serializer_class = PresetSerializer
    required_scopes = dict.fromkeys(
        ("list", "create", "retrieve", "update", "partial_update", "destroy"), Scope.TASKS
    )

    @extend_schema(
        summary="Save a pipeline under a name",
        description=f"You can save up to {presets.MAX_PER_USER} presets. Their names differ.",
        request=PresetRequest,
        parameters=[LOCATION, etag(201)],
        responses={201: PresetSerializer, **problems(400, 404, 409, 422)},
    )
    @idempotent
    def create(self, request: Request, *args: Any, claim: Claim, **kwargs: Any) -> Response:
        content = PresetRequest.parse(request.data).given()
        with transaction.atomic():
            preset = presets.create(self.owner_id, **content)
            claim.complete(preset.pk)
        return self._created(preset)

    def show_created(self, pk: int) -> Response:
        return self._created(self.get_queryset().get(pk=pk))

    def _created(self, preset: Preset) -> Response:
        headers = {"Location": reverse("preset", pk=preset.pk), "ETag": conditional.etag_of(preset)}
        return Response(self.get_serializer(preset).data, status=201, headers=headers)

    @extend_schema(
        summary="Replace a preset",
        description="Tasks that were made with the preset stay as they are.",
        request=PresetRequest,
        parameters=[*CONDITIONS, etag(200)],
        responses={200: PresetSerializer, **problems(400, 404, 409, 412, 422)},
    )
    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        data = request.data  # a body that cannot be parsed is refused first
        preset, content = self.get_object(), PresetRequest.parse(data).given()
        expected = conditional.expected_version(request)
        return self.show(presets.replace(preset, expected_version=expected, **content))

    @extend_schema(
        summary="Change parts of a preset",
        description="Members that the body does not name stay; an option that is null is removed. "
        "Tasks that were made with the preset stay as they are.",
        request=PresetChangeRequest,
        parameters=[*CONDITIONS, etag(200)],
        responses={200: PresetSerializer, **problems(400, 404, 409, 412, 422)},
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        data = request.data  # a body that cannot be parsed is refused first
        preset, changes = self.get_object(), PresetChangeRequest.parse(data).given()
        expected = conditional.expected_version(request)
        return self.show(presets.update(preset, expected_version=expected, **changes))

    @extend_schema(
        summary="Delete a preset; what was made with it stays",
        parameters=CONDITIONS,
        responses={204: None, **problems(404, 412)},
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        expected = conditional.expected_version(request)
        presets.delete(self.get_object(), expected_version=expected)
        return Response(status=204)

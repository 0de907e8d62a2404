"""Asking for a version of an image."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.bodies import TRANSFORM_REQUEST
from api.idempotency import idempotent
from api.links import reverse
from api.permissions import Scope
from api.pipeline_body import body_members, pipeline_of, require_choice
from api.schema import LOCATION, problems
from api.serializers.tasks import TaskSerializer
from api.views.base import OwnedViewSet
from image_processor import selectors
from image_processor.models import SourceImage
from image_processor.services.submit import submit

_MODES = ("async",)


class TransformViewSet(OwnedViewSet[SourceImage]):
    """`images/<id>/transform/`."""

    serializer_class = TaskSerializer
    rate_scope = "transform"
    required_scopes = {"create": Scope.TASKS}

    def owned_by(self, owner_id: int) -> QuerySet[SourceImage]:
        return selectors.images_of(owner_id)

    @extend_schema(
        summary="Ask for a version of an image",
        request={"application/json": TRANSFORM_REQUEST},
        parameters=[LOCATION],
        responses={201: TaskSerializer, **problems(400, 403, 404, 409, 422)},
    )
    @idempotent
    def create(
        self,
        request: Request,
        *args: Any,
        on_created: Callable[[int], None] | None,
        **kwargs: Any,
    ) -> Response:
        image = self.get_object()
        members = body_members(request.data, "mode")
        require_choice(members, "mode", _MODES)
        with pipeline_of(self.owner_id, members) as asked:
            task = submit(image, on_created=on_created, **asked)
        return self.show_created(task.pk)

    def show_created(self, pk: int) -> Response:
        task = selectors.tasks_of(self.owner_id).get(pk=pk)
        return Response(
            self.get_serializer(task).data,
            status=201,
            headers={"Location": reverse("task", pk=pk)},
        )

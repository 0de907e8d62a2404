"""Asking for a version of an image."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import idempotent
from api.links import reverse
from api.permissions import Scope
from api.schema import TRANSFORM_REQUEST, problems
from api.serializers.tasks import TaskSerializer
from api.views.base import OwnedViewSet
from image_processor import selectors
from image_processor.engine.validation import described, escaped, refused, shown, wrong_type
from image_processor.models import SourceImage
from image_processor.services.submit import submit
from utils.errors import Problem

_OPTIONS = ("format", "quality", "lossless", "metadata", "background")
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
        responses={201: TaskSerializer, **problems(400, 403, 404, 422)},
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
        body = _fields(request.data)
        return self.show_created(submit(image, on_created=on_created, **body).pk)

    def show_created(self, pk: int) -> Response:
        task = selectors.tasks_of(self.owner_id).get(pk=pk)
        return Response(
            self.get_serializer(task).data,
            status=201,
            headers={"Location": reverse("task", pk=pk)},
        )


def _fields(data: Any) -> dict[str, Any]:
    """The body's members that `submit` takes; their values are the engine's to check."""
    if not isinstance(data, Mapping):
        raise refused([wrong_type("", "The body", "an object", data)])
    mode = data.get("mode", "async")
    problems_found = [
        Problem(f"/{escaped(name)}", "unknown_field", f"There is no field {described(name)}.")
        for name in data
        if name not in ("transformations", "mode", *_OPTIONS)
    ]
    if mode not in _MODES:
        detail = f"mode must be one of {', '.join(_MODES)}, and is {described(mode)}."
        problems_found.append(Problem("/mode", "not_a_choice", detail, list(_MODES), shown(mode)))
    if problems_found:
        raise refused(problems_found)
    options = {name: data[name] for name in _OPTIONS if name in data}
    return {"transformations": data.get("transformations"), **options}

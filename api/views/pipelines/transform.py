"""Requests for a version of an image, which exists or is uploaded with the request."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth.permissions import Scope
from api.http.reverse import reverse
from api.http.task_waiting import wait_for_end
from api.requests.bodies.pipeline import resolve_pipeline
from api.requests.bodies.transform import TransformRequest
from api.requests.bodies.upload import TransformUploadRequest, upload_help
from api.requests.file_form import FileFormParser
from api.requests.idempotency import Claim, idempotent
from api.schema import LOCATION, problems
from api.serializers.tasks import TaskSerializer
from api.serializers.transform import PlanSerializer
from api.views.base import OwnedViewSet
from image_processor.ingest import file_check
from image_processor.ingest.storing import storing
from image_processor.library import images, selectors
from image_processor.models import SourceImage, TransformationTask
from image_processor.storage import file_names
from image_processor.transform import pipelines
from image_processor.transform.dry_run import dry_run
from image_processor.transform.submit import require_admissible, submit

_MODES = (
    "With `mode` `sync` the answer is sent when the task has ended, successfully or not: 201. It "
    f"is 202 with the unfinished task after {settings.SYNC_TRANSFORM_TIMEOUT} seconds, or at once "
    "when too many requests are waiting; the task goes on, and `GET tasks/{id}/?wait=` waits for "
    "it. A client that disconnects does not stop the task."
)
_ANSWERS = {
    201: TaskSerializer,
    202: OpenApiResponse(TaskSerializer, description="The task has not ended yet (`mode` sync)."),
}


class _SubmittingViewSet(OwnedViewSet[Any]):
    """Answers with a new task, at once or when it has ended."""

    def show_created(self, pk: int) -> Response:
        return self.submitted(selectors.tasks_of(self.owner_id).get(pk=pk))

    def submitted(self, task: TransformationTask) -> Response:
        """The task; in mode `sync` when it has ended. A repeated request waits like the first."""
        status = 201
        body: Any = self.request.data
        if body.get("mode") == "sync":
            if wait_for_end(task, settings.SYNC_TRANSFORM_TIMEOUT, self.request):
                # The task may have been deleted meanwhile.
                task = get_object_or_404(selectors.tasks_of(self.owner_id), pk=task.pk)
            status = 201 if task.is_finished else 202
        return Response(
            TaskSerializer(task, context=self.get_serializer_context()).data,
            status=status,
            headers={"Location": reverse("task", pk=task.pk)},
        )


class TransformViewSet(_SubmittingViewSet):
    """`images/<id>/transform/` and `images/<id>/transform/plan/`."""

    owned_by = staticmethod(selectors.images_of)
    serializer_class = TaskSerializer
    required_scopes = {"transform": Scope.TASKS, "plan": Scope.TASKS}

    @extend_schema(
        summary="Transform an image",
        description=_MODES,
        request=TransformRequest,
        parameters=[LOCATION],
        responses={**_ANSWERS, **problems(400, 403, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"], rate_scope="transform")
    @idempotent
    def transform(self, request: Request, *args: Any, claim: Claim, **kwargs: Any) -> Response:
        image = self.get_object()
        body = TransformRequest.parse(request.data)
        with resolve_pipeline(self.owner_id, body) as members:
            task = pipelines.parse(self.owner_id, **members).task(image)
        with transaction.atomic():
            submit(task)
            claim.complete(task.pk)
        return self.submitted(task)

    @extend_schema(
        summary="Plan a transformation without running it",
        description="Takes the body of `images/{id}/transform/` and refuses what that route would "
        "refuse now. It creates nothing, and no quota counts it.",
        request=TransformRequest,
        responses={200: PlanSerializer, **problems(400, 403, 404, 422)},
    )
    @action(
        detail=True,
        methods=["post"],
        url_path="transform/plan",
        url_name="transform-plan",
        serializer_class=PlanSerializer,
    )
    def plan(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        image = self.get_object()
        body = TransformRequest.parse(request.data)
        with resolve_pipeline(self.owner_id, body) as members:
            planned = dry_run(image, **members)
        return Response(self.get_serializer(planned.to_dict()).data)


class TransformUploadViewSet(_SubmittingViewSet):
    """`images/transform/`."""

    owned_by = staticmethod(selectors.tasks_of)
    serializer_class = TaskSerializer
    parser_classes = [FileFormParser]
    rate_scope = ("upload", "transform")
    required_scopes = {"create": (Scope.IMAGES_WRITE, Scope.TASKS)}

    @extend_schema(
        operation_id="images_upload_transform_create",
        summary="Upload an image and transform it",
        description=f"{upload_help()} The pipeline is one of `transformations`, `preset` and "
        "`style`. If the picture or the pipeline is refused, nothing is created. The uploaded "
        f"picture is the `original_image` of the task. {_MODES}",
        request={"multipart/form-data": TransformUploadRequest},
        parameters=[LOCATION],
        responses={**_ANSWERS, **problems(400, 403, 404, 413, 415, 422, 503, 507)},
    )
    @idempotent
    def create(self, request: Request, *args: Any, claim: Claim, **kwargs: Any) -> Response:
        form = TransformUploadRequest.parse(request.data)
        with resolve_pipeline(self.owner_id, form) as members:
            pipeline = pipelines.parse(self.owner_id, **members)
            name = file_names.choose(form.file_name or None, fallback=form.file.name or "")
            checked = file_check.check(self.owner_id, form.content)
            # Planned before the picture is stored, so that a refused pipeline leaves nothing.
            task = pipeline.task(SourceImage(metadata=checked.metadata))
        require_admissible(task)
        with storing(checked) as stored:
            task.original_image = images.create(
                stored, file_name=name, description=form.description
            )
            submit(task)
            claim.complete(task.pk)
        return self.submitted(task)

"""Asking for a version of an image: of one that is there, or that comes along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth.permissions import Scope
from api.http.object_urls import reverse
from api.http.task_waiting import wait_for_end
from api.requests.idempotency import idempotent
from api.requests.pipeline import TransformRequest, resolve_pipeline
from api.requests.upload import TransformUploadRequest, upload_help
from api.schema import LOCATION, problems
from api.serializers.tasks import TaskSerializer
from api.serializers.transform import PlanSerializer
from api.views.base import OwnedViewSet
from image_processor.library import selectors
from image_processor.models import SourceImage, TransformationTask
from image_processor.transform.dry_run import dry_run
from image_processor.transform.submit import submit
from image_processor.transform.upload_and_submit import upload_and_submit

_MODES = (
    f"With `mode` `sync` the answer comes when the task has ended, well or badly: 201. It is 202, "
    f"with the task as it stands, after {settings.SYNC_TRANSFORM_TIMEOUT} seconds, and at once "
    "when many callers wait already; the task goes on and can be waited for with "
    "`GET tasks/{id}/?wait=`. A caller who goes away stops nothing."
)
_ANSWERS = {
    201: TaskSerializer,
    202: OpenApiResponse(TaskSerializer, description="The task has not ended yet (`mode` sync)."),
}


class _SubmittingViewSet(OwnedViewSet[Any]):
    """Answers with a task, at once or at its end."""

    def show_created(self, pk: int) -> Response:
        """The answer to the creation of a task; a repeated request waits as the first did.

        Raises `TransformationTask.DoesNotExist`.
        """
        tasks = selectors.tasks_of(self.owner_id)
        task, status = tasks.get(pk=pk), 201
        asked: Any = self.request.data
        if asked.get("mode") == "sync":
            if wait_for_end(task, settings.SYNC_TRANSFORM_TIMEOUT, self.request):
                task = tasks.get(pk=pk)
            status = 201 if task.is_finished else 202
        return Response(
            TaskSerializer(task, context=self.get_serializer_context()).data,
            status=status,
            headers={"Location": reverse("task", pk=pk)},
        )

    def submitted(self, task: TransformationTask) -> Response:
        """The answer to the first request."""
        try:
            return self.show_created(task.pk)
        except TransformationTask.DoesNotExist as error:  # somebody deleted it meanwhile
            raise Http404 from error


class TransformViewSet(_SubmittingViewSet):
    """`images/<id>/transform/`."""

    serializer_class = TaskSerializer
    rate_scope = "transform"
    required_scopes = {"create": Scope.TASKS}

    def owned_by(self, owner_id: int) -> QuerySet[SourceImage]:
        return selectors.images_of(owner_id)

    @extend_schema(
        summary="Ask for a version of an image",
        description=_MODES,
        request=TransformRequest,
        parameters=[LOCATION],
        responses={**_ANSWERS, **problems(400, 403, 404, 409, 422)},
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
        body = TransformRequest.parse(request.data)
        with resolve_pipeline(self.owner_id, body) as asked:
            task = submit(image, on_created=on_created, **asked)
        return self.submitted(task)


class PlanViewSet(OwnedViewSet[SourceImage]):
    """`images/<id>/transform/plan/`."""

    serializer_class = PlanSerializer
    required_scopes = {"plan": Scope.TASKS}

    def owned_by(self, owner_id: int) -> QuerySet[SourceImage]:
        return selectors.images_of(owner_id)

    @extend_schema(
        summary="See what a transformation would give and take",
        description="Takes the body of `images/{id}/transform/` and refuses what that would "
        "refuse, at this moment; creates nothing and counts for nothing.",
        request=TransformRequest,
        responses={200: PlanSerializer, **problems(400, 403, 404, 422)},
    )
    def plan(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        image = self.get_object()
        body = TransformRequest.parse(request.data)
        with resolve_pipeline(self.owner_id, body) as asked:
            planned = dry_run(image, **asked)
        return Response(self.get_serializer(planned.to_dict()).data)


class TransformUploadViewSet(_SubmittingViewSet):
    """`images/transform/`."""

    serializer_class = TaskSerializer
    parser_classes = [MultiPartParser]
    rate_scope = ("upload", "transform")
    required_scopes = {"create": (Scope.IMAGES_WRITE, Scope.TASKS)}

    def owned_by(self, owner_id: int) -> QuerySet[TransformationTask]:
        return selectors.tasks_of(owner_id)

    @extend_schema(
        operation_id="images_upload_transform_create",
        summary="Upload an image and ask for a version of it",
        description=f"{upload_help()} The pipeline is one of `transformations`, `preset` and "
        "`style`. What is refused, of the picture or of the pipeline, leaves nothing; else the "
        f"picture is `original_image` of the task. {_MODES}",
        request={"multipart/form-data": TransformUploadRequest},
        parameters=[LOCATION],
        responses={**_ANSWERS, **problems(400, 403, 404, 413, 415, 422, 503, 507)},
    )
    @idempotent
    def create(
        self,
        request: Request,
        *args: Any,
        on_created: Callable[[int], None] | None,
        **kwargs: Any,
    ) -> Response:
        form = TransformUploadRequest.parse(request.data)
        with resolve_pipeline(self.owner_id, form) as asked:
            task = upload_and_submit(
                self.owner_id,
                form.file,
                file_name=form.file_name or None,
                description=form.description,
                on_created=on_created,
                **asked,
            )
        return self.submitted(task)

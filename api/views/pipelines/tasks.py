"""`tasks/`: list, show (and wait for the end), cancel, retry, delete."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth.permissions import Scope
from api.http import conditional
from api.http.task_waiting import wait_for_end
from api.lists.task_list_filters import TaskListFilterSet
from api.lists.value_filters import MAX_IDS
from api.requests.bodies.nothing import NoBody
from api.requests.query import whole_number
from api.schema import CONDITIONS, IF_NONE_MATCH, NOT_MODIFIED, etag, problems
from api.serializers.batches import RetriedSerializer
from api.serializers.tasks import TaskSerializer
from api.views.base import OwnedViewSet
from image_processor.library import selectors
from image_processor.models import TransformationTask
from image_processor.transform import task_actions

MAX_WAIT_SECONDS = 60

_BATCH = OpenApiParameter(
    "batch", {"type": "integer", "minimum": 0}, description="Only those of this batch."
)

MAX_ID = 2**63 - 1  # of a row


class TaskViewSet(OwnedViewSet[TransformationTask]):
    """Tasks: pipelines, each applied to one image."""

    collection_name = "tasks"
    owned_by = staticmethod(selectors.tasks_of)
    serializer_class = TaskSerializer
    required_scopes = dict.fromkeys(
        ("list", "retrieve", "cancel", "retry", "retry_failed", "destroy"), Scope.TASKS
    )
    filterset_class = TaskListFilterSet

    @extend_schema(
        summary="List your tasks",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={200: TaskSerializer(many=True), **NOT_MODIFIED},
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """With `ids` an unchanged list costs one query and is answered by 304."""
        listing = self.listing()
        if "ids" not in request.query_params:
            return self.page(listing)
        version = conditional.etag_of_all(listing.versions())
        if conditional.is_known(request, version):
            return Response(status=304, headers={"ETag": version})
        answer = self.page(replace(listing, page_size=MAX_IDS))
        answer["ETag"] = version
        return answer

    @extend_schema(
        summary="Show a task, or wait until it has ended",
        filters=False,
        parameters=[
            OpenApiParameter(
                "wait",
                {"type": "integer", "minimum": 0, "maximum": MAX_WAIT_SECONDS},
                description="Seconds to hold the answer until the task has finished. When many "
                "callers wait already, the current state is answered at once.",
            ),
            IF_NONE_MATCH,
            etag(200, 304),
        ],
        responses={200: TaskSerializer, **NOT_MODIFIED, **problems(404)},
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        seconds = whole_number(request, "wait", default=0, least=0, most=MAX_WAIT_SECONDS)
        task = self.get_object()
        if wait_for_end(task, seconds, request):
            task = self.get_object()
        return self.show(task)

    @extend_schema(
        summary="Cancel a task",
        request=None,
        filters=False,
        responses={200: TaskSerializer, **problems(404, 409)},
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        NoBody.parse(request.data)
        task_actions.cancel(self.get_object())
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        summary="Retry a failed or cancelled task",
        request=None,
        filters=False,
        responses={200: TaskSerializer, **problems(403, 404, 409)},
    )
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        NoBody.parse(request.data)
        task_actions.retry(self.get_object())
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        summary="Retry your failed tasks",
        description=f"Retries up to {task_actions.MAX_RETRIED} tasks at a time, oldest first. If "
        "your quotas do not admit all of them, none is retried.",
        request=None,
        filters=False,
        parameters=[
            OpenApiParameter(
                "batch",
                {"type": "integer", "minimum": 0, "maximum": MAX_ID},
                description="Retry only tasks of this batch.",
            )
        ],
        responses={200: RetriedSerializer, **problems(400, 403, 404)},
    )
    @action(detail=False, methods=["post"], url_path="retry-failed", url_name="retry-failed")
    def retry_failed(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        NoBody.parse(request.data)
        batch_id = None
        if "batch" in request.query_params:
            batch_id = whole_number(request, "batch", default=0, least=0, most=MAX_ID)
            if not selectors.batches_of(self.owner_id).filter(pk=batch_id).exists():
                raise Http404
        retried, more = task_actions.retry_failed(self.owner_id, batch_id=batch_id)
        return Response({"retried": retried, "more": more})

    @extend_schema(
        summary="Delete a task and its result",
        filters=False,
        parameters=CONDITIONS,
        responses={204: None, **problems(404, 412)},
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        expected = conditional.expected_version(request)
        task_actions.delete(self.get_object(), expected_version=expected)
        return Response(status=204)

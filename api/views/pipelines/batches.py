"""`batches/`: apply one pipeline to many images."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import transaction
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth.permissions import Scope
from api.http import conditional
from api.http.archive_response import archive_response
from api.http.reverse import reverse
from api.requests.bodies.batch import BatchRequest, choose_images
from api.requests.bodies.nothing import NoBody
from api.requests.bodies.pipeline import resolve_pipeline
from api.requests.idempotency import Claim, idempotent
from api.schema import CONDITIONS, IF_NONE_MATCH, LOCATION, NOT_MODIFIED, binary, etag, problems
from api.serializers.batches import BatchSerializer
from api.views.base import ListMixin, OwnedViewSet
from image_processor.library import archives, selectors
from image_processor.models import Batch
from image_processor.transform import batches, pipelines, task_actions

_NEW = (
    f"A batch has at most {batches.MAX_IMAGES} images, given by `image_ids` or by `filter`, which "
    "takes the filters of `GET images/`. If the whole batch does not fit into your quotas, nothing "
    "is created. An image that the pipeline cannot be applied to (for example, a crop outside of "
    "it) has a task that is `FAILED` from the start, with the code and the message that "
    "`images/{id}/transform/` would answer, so that the counts add up. Results that are stored "
    "already are available at once."
)


@extend_schema_view(list=extend_schema(summary="List your batches", responses=BatchSerializer))
class BatchViewSet(ListMixin, OwnedViewSet[Batch]):
    """Tasks that were requested together."""

    collection_name = "batches"
    owned_by = staticmethod(selectors.batches_of)
    serializer_class = BatchSerializer
    rate_scope = "transform"
    required_scopes = {
        **dict.fromkeys(
            ("list", "create", "retrieve", "retry_failed", "cancel", "destroy"), Scope.TASKS
        ),
        "download": Scope.IMAGES_READ,
    }

    @extend_schema(
        summary="Apply a pipeline to many images",
        description=_NEW,
        request=BatchRequest,
        parameters=[LOCATION],
        responses={201: BatchSerializer, **problems(400, 403, 404, 409, 422)},
    )
    @idempotent
    def create(self, request: Request, *args: Any, claim: Claim, **kwargs: Any) -> Response:
        body = BatchRequest.parse(request.data)
        with resolve_pipeline(self.owner_id, body) as members:
            images = choose_images(self.owner_id, body)
            pipeline = pipelines.parse(self.owner_id, **members)
            planned = batches.plan(pipeline, images)
        with transaction.atomic():
            batch = batches.create(pipeline, planned)
            claim.complete(batch.pk)
        return self._created(batch)

    def show_created(self, pk: int) -> Response:
        return self._created(self.get_queryset().get(pk=pk))

    def _created(self, batch: Batch) -> Response:
        shown = self.get_serializer(batch).data
        return Response(shown, status=201, headers={"Location": reverse("batch", pk=batch.pk)})

    @extend_schema(
        summary="Show a batch and its progress",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={200: BatchSerializer, **NOT_MODIFIED, **problems(404)},
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.show(self.get_object())

    def show(self, row: Any) -> Response:
        """With an ETag that covers the counts, too, which change without the row."""
        shown = self.get_serializer(row).data
        counts = hashlib.sha256(json.dumps(shown["counts"]).encode()).hexdigest()[:16]
        etag = conditional.etag_of(row, counts)
        return conditional.not_modified(self.request, etag) or Response(
            shown, headers={"ETag": etag}
        )

    @extend_schema(
        summary="Delete a batch; its tasks and results stay",
        description="Unfinished tasks run on alone. Cancel the batch first to stop them.",
        parameters=CONDITIONS,
        responses={204: None, **problems(404, 412)},
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        expected = conditional.expected_version(request)
        batches.delete(self.get_object(), expected_version=expected)
        return Response(status=204)

    @extend_schema(
        summary="Retry the failed tasks of a batch",
        description="The batch is unfinished again; when its last task has ended, that counts as "
        "another run.",
        request=None,
        parameters=[etag(200)],
        responses={200: BatchSerializer, **problems(403, 404)},
    )
    @action(detail=True, methods=["post"], url_path="retry-failed", url_name="retry-failed")
    def retry_failed(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        NoBody.parse(request.data)
        batch = self.get_object()
        task_actions.retry_failed(self.owner_id, batch_id=batch.pk)
        return self.show(self.get_object())

    @extend_schema(
        summary="Cancel the unfinished tasks of a batch",
        description="Waiting tasks stop at once, running ones at their next step.",
        request=None,
        parameters=[etag(200)],
        responses={200: BatchSerializer, **problems(404)},
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        NoBody.parse(request.data)
        batch = self.get_object()
        task_actions.cancel_unfinished(self.owner_id, batch.pk)
        return self.show(self.get_object())

    @extend_schema(
        summary="Download the results of a batch as a ZIP",
        description="The archive holds the results of the tasks that have succeeded so far. Its "
        "entry `errors.txt` names results whose file is missing. A download that ends without the "
        "archive's directory is broken.",
        responses={(200, "application/zip"): binary(), **problems(404, 409)},
    )
    @action(detail=True)
    def download(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        batch = self.get_object()
        results = selectors.results_of(batch.owner_id).filter(transformation_task__batch=batch)
        entries = archives.build_entries(results.order_by("pk"))
        return archive_response(entries, f"batch-{batch.pk}.zip", owner_id=batch.owner_id)

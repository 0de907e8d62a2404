"""`batches/`: one pipeline for many images."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth.permissions import Scope
from api.http import conditional
from api.http.archive_response import archive_response
from api.http.object_urls import reverse
from api.requests.batch import BatchRequest, choose_images
from api.requests.idempotency import idempotent
from api.requests.pipeline import resolve_pipeline
from api.schema import CONDITIONS, IF_NONE_MATCH, LOCATION, NOT_MODIFIED, binary, etag, problems
from api.serializers.batches import BatchSerializer
from api.views.base import OwnedViewSet
from image_processor.library import archives, selectors
from image_processor.models import Batch
from image_processor.transform import batches, tasks

_NEW = (
    f"At most {batches.MAX_IMAGES} images, by `image_ids` or by `filter`, which takes the filters "
    "of `GET images/`. All of the batch fits into your quotas, or nothing is created. An image "
    "for which the pipeline is impossible (a crop outside of it, say) has a task that is `FAILED` "
    "from the start, with the code and the words that `images/{id}/transform/` would answer, so "
    "that the counts add up. Results that are stored already are there at once."
)


class BatchViewSet(OwnedViewSet[Batch]):
    """What was asked for together."""

    serializer_class = BatchSerializer
    rate_scope = "transform"
    required_scopes = {
        **dict.fromkeys(
            ("list", "create", "retrieve", "retry_failed", "cancel", "destroy"), Scope.TASKS
        ),
        "download": Scope.IMAGES_READ,
    }

    def owned_by(self, owner_id: int) -> QuerySet[Batch]:
        return selectors.batches_of(owner_id)

    @extend_schema(summary="List your batches", responses=BatchSerializer)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        assert page is not None
        return self.get_paginated_response(self._shown(*page))

    @extend_schema(
        summary="Ask for a version of each of many images",
        description=_NEW,
        request=BatchRequest,
        parameters=[LOCATION],
        responses={201: BatchSerializer, **problems(400, 403, 404, 409, 422)},
    )
    @idempotent
    def create(
        self,
        request: Request,
        *args: Any,
        on_created: Callable[[int], None] | None,
        **kwargs: Any,
    ) -> Response:
        body = BatchRequest.parse(request.data)
        with resolve_pipeline(self.owner_id, body) as asked:
            images = choose_images(self.owner_id, body)
            batch = batches.create(self.owner_id, images, on_created=on_created, **asked)
        return self.show_created(batch.pk)

    def show_created(self, pk: int) -> Response:
        [shown] = self._shown(self.get_queryset().get(pk=pk))
        return Response(shown, status=201, headers={"Location": reverse("batch", pk=pk)})

    @extend_schema(
        summary="Show a batch and how far it is",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={200: BatchSerializer, **NOT_MODIFIED, **problems(404)},
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.show(self.get_object())

    def show(self, row: Any) -> Response:
        """With an ETag that tells of the counts too, which change without the row."""
        [shown] = self._shown(row)
        state = hashlib.sha256(json.dumps(shown["counts"]).encode()).hexdigest()[:16]
        return conditional.answer(self.request, row, lambda: shown, state=state)

    @extend_schema(
        summary="Delete a batch; its tasks and results stay",
        description="Only the grouping goes: what has not ended runs on, as tasks of their own. "
        "Cancel the batch first to stop it.",
        parameters=CONDITIONS,
        responses={204: None, **problems(404, 412)},
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        batch = self.get_object()
        if not batches.delete(batch, check=partial(conditional.require_current, request)):
            raise Http404
        return Response(status=204)

    @extend_schema(
        summary="Retry the failed tasks of a batch",
        description="Opens the batch again: when the last of them has ended, that is another run.",
        request=None,
        parameters=[etag(200)],
        responses={200: BatchSerializer, **problems(403, 404)},
    )
    def retry_failed(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        batch = self.get_object()
        tasks.retry_failed(self.owner_id, batch_id=batch.pk)
        return self.show(self.get_object())

    @extend_schema(
        summary="Cancel what has not ended of a batch",
        description="Waiting tasks stop at once, running ones at their next step.",
        request=None,
        parameters=[etag(200)],
        responses={200: BatchSerializer, **problems(404)},
    )
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        batch = self.get_object()
        tasks.cancel_unfinished(self.owner_id, batch.pk)
        return self.show(self.get_object())

    @extend_schema(
        summary="Download the results of a batch as a ZIP",
        description="Of the tasks that succeeded so far. A result whose file is gone is named in "
        "`errors.txt` inside; a download that ends without the archive's directory is broken.",
        responses={(200, "application/zip"): binary(), **problems(404, 409)},
    )
    def download(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        batch = self.get_object()
        results = selectors.results_of(batch.owner_id).filter(transformation_task__batch=batch)
        entries = archives.entries(results.order_by("pk"))
        return archive_response(entries, f"batch-{batch.pk}.zip", owner_id=batch.owner_id)

    def _shown(self, *rows: Batch) -> Any:
        return self.get_serializer(rows, many=True).data

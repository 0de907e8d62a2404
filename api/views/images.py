"""Source images: upload, list, show, change, delete, and what was asked of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth.permissions import Scope
from api.http import conditional
from api.http.archive_response import archive_response
from api.http.object_urls import reverse
from api.lists.image_filter_sets import ImageListFilterSet
from api.requests.idempotency import idempotent
from api.requests.ids import ZipRequest
from api.requests.image_change import ImageChangeRequest
from api.requests.upload import UploadRequest, upload_help
from api.schema import CONDITIONS, IF_NONE_MATCH, LOCATION, NOT_MODIFIED, binary, etag, problems
from api.serializers.images import (
    ImageProgressSerializer,
    SourceImageSerializer,
    UploadedImageSerializer,
)
from api.serializers.tasks import TaskSerializer
from api.views.base import INCLUDE, PictureViewSet
from api.views.files import picture_response
from image_processor.ingest import upload
from image_processor.library import archives, images, selectors
from image_processor.models import SourceImage


class ImageViewSet(PictureViewSet[SourceImage]):
    """`images/` and what lies below one image."""

    serializer_class = SourceImageSerializer
    filterset_class = ImageListFilterSet
    required_scopes = {
        "list": Scope.IMAGES_READ,
        "retrieve": Scope.IMAGES_READ,
        "original": Scope.IMAGES_READ,
        "zip": Scope.IMAGES_READ,
        "partial_update": Scope.IMAGES_WRITE,
        "destroy": Scope.IMAGES_WRITE,
        "status": Scope.IMAGES_READ,
        "tasks": Scope.TASKS,
    }

    def owned_by(self, owner_id: int) -> QuerySet[SourceImage]:
        return selectors.images_of(owner_id)

    @extend_schema(
        summary="List your images",
        parameters=[INCLUDE],
        responses={200: SourceImageSerializer, **problems(400)},
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(
        summary="Show an image",
        parameters=[INCLUDE, IF_NONE_MATCH, etag(200, 304)],
        responses={200: SourceImageSerializer, **NOT_MODIFIED, **problems(404)},
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(
        summary="Change an image's name, description, tags or focal point",
        request=ImageChangeRequest,
        parameters=[INCLUDE, *CONDITIONS, etag(200)],
        responses={200: SourceImageSerializer, **problems(400, 404, 412)},
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        data = request.data  # a body that cannot be read is refused first
        with transaction.atomic():
            image = self.get_locked()
            conditional.require_current(request, image)
            change = ImageChangeRequest.parse(data).given()
            if change:
                images.update(image, **change)
        return self.show(image)

    @extend_schema(
        summary="Delete an image with its tasks and results",
        parameters=CONDITIONS,
        responses={204: None, **problems(404, 412)},
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with transaction.atomic():
            image = self.get_locked()
            conditional.require_current(request, image)
            images.delete(image)
        return Response(status=204)

    @extend_schema(
        summary="Download the bytes as uploaded",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={
            (200, "image/*"): binary(),
            **NOT_MODIFIED,
            302: OpenApiResponse(description="To a signed link"),
            **problems(404, 409),
        },
    )
    def original(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return picture_response(self.get_object(), request, attachment=False)

    @extend_schema(
        summary="Download images as uploaded, in a ZIP",
        description="In the order of the ids. An image whose file is gone is named in "
        "`errors.txt` inside; a download that ends without the archive's directory is broken.",
        request=ZipRequest,
        responses={(200, "application/zip"): binary(), **problems(400, 404, 409, 422)},
    )
    def zip(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ids = ZipRequest.parse(request.data).ids
        found = self.get_queryset().filter(status=SourceImage.Status.READY).in_bulk(ids)
        archives.require_known(ids, found.keys(), SourceImage)
        entries = archives.entries(found[pk] for pk in ids)
        return archive_response(entries, "images.zip", owner_id=self.owner_id)

    @extend_schema(
        summary="Show where an image and its tasks stand",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={200: ImageProgressSerializer, **NOT_MODIFIED, **problems(404)},
    )
    def status(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        image = self.get_object()
        counts = selectors.task_counts(image)
        shown = ImageProgressSerializer(
            {
                "id": image.pk,
                "status": image.status,
                "error_code": image.error_code,
                "error_message": image.error_message,
                "analysis_status": image.analysis_status,
                "tasks": counts,
            }
        )
        state = "-".join(map(str, counts.values()))
        return conditional.answer(request, image, lambda: shown.data, state=state)

    @extend_schema(
        summary="List the tasks of an image",
        filters=False,
        responses={200: TaskSerializer(many=True), **problems(404)},
    )
    def tasks(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        image = self.get_object()
        rows = selectors.tasks_of(image.owner_id).filter(original_image=image)
        return self.page(rows, TaskSerializer)


class UploadViewSet(PictureViewSet[SourceImage]):
    """`images/upload/`."""

    serializer_class = UploadedImageSerializer
    parser_classes = [MultiPartParser]
    rate_scope = "upload"
    required_scopes = {"create": Scope.IMAGES_WRITE}

    def owned_by(self, owner_id: int) -> QuerySet[SourceImage]:
        return selectors.images_of(owner_id)

    @extend_schema(
        summary="Upload an image",
        description=upload_help(),
        request={"multipart/form-data": UploadRequest},
        parameters=[INCLUDE, LOCATION, etag(201)],
        responses={201: UploadedImageSerializer, **problems(400, 403, 413, 415, 422, 503, 507)},
    )
    @idempotent
    def create(
        self,
        request: Request,
        *args: Any,
        on_created: Callable[[int], None] | None,
        **kwargs: Any,
    ) -> Response:
        form = UploadRequest.parse(request.data)
        image, duplicate_of = upload.upload(
            self.owner_id,
            form.file,
            file_name=form.file_name or None,
            description=form.description,
            on_created=on_created,
        )
        return self._answer(image, duplicate_of)

    def show_created(self, pk: int) -> Response:
        image = self.get_queryset().get(pk=pk)
        return self._answer(image, selectors.duplicate_of(image))

    def _answer(self, image: SourceImage, duplicate_of: int | None) -> Response:
        return Response(
            self.get_serializer(image).data | {"duplicate_of": duplicate_of},
            status=201,
            headers={
                "Location": reverse("image", pk=image.pk),
                "ETag": conditional.etag_of(image),
            },
        )

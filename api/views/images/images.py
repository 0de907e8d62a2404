"""`images/`: list, show, change, delete and download source images."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth.permissions import Scope
from api.http import conditional
from api.http.archive_response import archive_response
from api.http.reverse import reverse
from api.lists.image_list_filters import ImageListFilterSet
from api.requests.bodies.image_change import ImageChangeRequest
from api.requests.bodies.image_ids import ZipRequest
from api.schema import (
    CONDITIONS,
    IF_NONE_MATCH,
    NOT_MODIFIED,
    RANGE,
    binary,
    etag,
    location,
    problems,
)
from api.serializers.deletions import DeletionSerializer
from api.serializers.images import ImageProgressSerializer, SourceImageSerializer
from api.serializers.tasks import TaskSerializer
from api.views.base import INCLUDE, ListMixin, OwnedViewSet, PictureViewSet, RetrieveMixin
from api.views.files import picture_response
from image_processor.library import archives, images, selectors
from image_processor.models import SourceImage


@extend_schema_view(
    list=extend_schema(
        summary="List your images",
        parameters=[INCLUDE],
        responses={200: SourceImageSerializer, **problems(400)},
    ),
    retrieve=extend_schema(
        summary="Show an image",
        parameters=[INCLUDE, IF_NONE_MATCH, etag(200, 304)],
        responses={200: SourceImageSerializer, **NOT_MODIFIED, **problems(404)},
    ),
)
class ImageViewSet(ListMixin, RetrieveMixin, PictureViewSet[SourceImage]):
    """Images as uploaded or imported."""

    collection_name = "images"
    owned_by = staticmethod(selectors.images_of)
    serializer_class = SourceImageSerializer
    filterset_class = ImageListFilterSet
    required_scopes = {
        "list": Scope.IMAGES_READ,
        "retrieve": Scope.IMAGES_READ,
        "original": Scope.IMAGES_READ,
        "zip": Scope.IMAGES_READ,
        "partial_update": Scope.IMAGES_WRITE,
        "destroy": Scope.IMAGES_WRITE,
        "tasks": Scope.TASKS,
    }

    @extend_schema(
        summary="Change an image's name, description, tags or focal point",
        request=ImageChangeRequest,
        parameters=[INCLUDE, *CONDITIONS, etag(200)],
        responses={200: SourceImageSerializer, **problems(400, 403, 404, 412)},
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        data = request.data  # a body that cannot be parsed is refused first
        image = self.get_object()
        change = ImageChangeRequest.parse(data).given()
        expected = conditional.expected_version(request)
        images.update(image, expected_version=expected, **change)
        return self.show(image)

    @extend_schema(
        summary="Delete an image with its tasks and results",
        description="The image, its tasks, its results and the links to them are gone at once. "
        f"If it has more than {images.MOST_TASKS_AT_ONCE} tasks, the rows are removed in the "
        "background: the answer is 202, and its `Location` shows how far that is.",
        parameters=[*CONDITIONS, location(202)],
        responses={202: DeletionSerializer, 204: None, **problems(404, 412)},
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        expected = conditional.expected_version(request)
        deletion = images.delete(self.get_object(), expected_version=expected)
        if deletion is None:
            return Response(status=204)
        deletion.refresh_from_db()
        address = reverse("image-deletion", pk=deletion.pk)
        return Response(
            DeletionSerializer(deletion).data, status=202, headers={"Location": address}
        )

    @extend_schema(
        summary="Download the bytes as uploaded",
        parameters=[IF_NONE_MATCH, RANGE, etag(200, 206, 304)],
        responses={
            (200, "image/*"): binary(),
            (206, "image/*"): binary(),
            **NOT_MODIFIED,
            302: OpenApiResponse(description="To a signed link"),
            **problems(404, 409, 416),
        },
    )
    @action(detail=True)
    def original(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return picture_response(self.get_object(), request, attachment=False)

    @extend_schema(
        summary="Download images as uploaded, in a ZIP",
        description="The archive holds the images in the order of the ids. Its entry `errors.txt` "
        "names images whose file is missing. A download that ends without the archive's directory "
        "is broken.",
        request=ZipRequest,
        responses={(200, "application/zip"): binary(), **problems(400, 404, 409, 422)},
    )
    @action(detail=False, methods=["post"])
    def zip(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ids = ZipRequest.parse(request.data).ids
        found = self.get_queryset().filter(stored_object__isnull=False).in_bulk(ids)
        archives.require_known(ids, found.keys(), SourceImage)
        entries = archives.build_entries(found[pk] for pk in ids)
        return archive_response(entries, "images.zip", owner_id=self.owner_id)

    @extend_schema(
        summary="List the tasks of an image",
        filters=False,
        responses={200: TaskSerializer(many=True), **problems(404)},
    )
    @action(detail=True)
    def tasks(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        image = self.get_object()
        rows = selectors.tasks_of(image.owner_id).filter(original_image=image)
        return self.page(rows, TaskSerializer)


class ImageStatusViewSet(OwnedViewSet[SourceImage]):
    """The status of an image, and how many of its tasks have each status."""

    owned_by = staticmethod(selectors.images_of)
    serializer_class = ImageProgressSerializer
    required_scopes = {"retrieve": Scope.IMAGES_READ}

    @extend_schema(
        summary="Show the status of an image and of its tasks",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={200: ImageProgressSerializer, **NOT_MODIFIED, **problems(404)},
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        image = self.get_object()
        counts = selectors.count_tasks(image)
        etag = conditional.etag_of(image, "-".join(map(str, counts.values())))
        shown = self.get_serializer(
            {
                "id": image.pk,
                "status": image.status,
                "error_code": image.error_code,
                "error_message": image.error_message,
                "analysis_status": image.analysis_status,
                "tasks": counts,
            }
        )
        return conditional.not_modified(request, etag) or Response(
            shown.data, headers={"ETag": etag}
        )

"""`images/transformed/`: list, show, download and delete results."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth.permissions import Scope
from api.http import conditional
from api.http.archive_response import archive_response
from api.lists.image_list_filters import ResultListFilterSet
from api.requests.bodies.image_ids import ZipRequest
from api.schema import CONDITIONS, IF_NONE_MATCH, NOT_MODIFIED, RANGE, binary, etag, problems
from api.serializers.images import TransformedImageSerializer
from api.views.base import INCLUDE, ListMixin, PictureViewSet, RetrieveMixin
from api.views.files import picture_response
from image_processor.library import archives, results, selectors
from image_processor.models import TransformedImage

_BYTES = {
    (200, "image/*"): binary(),
    (206, "image/*"): binary(),
    **NOT_MODIFIED,
    302: OpenApiResponse(description="To a signed link"),
    **problems(404, 416),
}


@extend_schema_view(
    list=extend_schema(
        summary="List your results", parameters=[INCLUDE], responses=TransformedImageSerializer
    ),
    retrieve=extend_schema(
        summary="Show a result",
        parameters=[INCLUDE, IF_NONE_MATCH, etag(200, 304)],
        responses={200: TransformedImageSerializer, **NOT_MODIFIED, **problems(404)},
    ),
)
class TransformedImageViewSet(ListMixin, RetrieveMixin, PictureViewSet[TransformedImage]):
    """Results of tasks."""

    collection_name = "transformed-images"
    owned_by = staticmethod(selectors.results_of)
    serializer_class = TransformedImageSerializer
    filterset_class = ResultListFilterSet
    required_scopes = {
        "list": Scope.IMAGES_READ,
        "retrieve": Scope.IMAGES_READ,
        "download": Scope.IMAGES_READ,
        "newest": Scope.IMAGES_READ,
        "zip": Scope.IMAGES_READ,
        "destroy": Scope.IMAGES_WRITE,
    }

    @extend_schema(
        summary="Delete a result; its task stays",
        parameters=CONDITIONS,
        responses={204: None, **problems(404, 412)},
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        expected = conditional.expected_version(request)
        results.delete(self.get_object(), expected_version=expected)
        return Response(status=204)

    @extend_schema(
        summary="Download a result",
        parameters=[IF_NONE_MATCH, RANGE, etag(200, 206, 304)],
        responses=_BYTES,
    )
    @action(detail=True)
    def download(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return picture_response(self.get_object(), request, attachment=True)

    @extend_schema(
        summary="Download the newest result of an image",
        parameters=[IF_NONE_MATCH, RANGE, etag(200, 206, 304)],
        responses=_BYTES,
    )
    def newest(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        results_of_image = self.get_queryset().filter(source_image=self.kwargs["pk"])
        newest = results_of_image.order_by("-created_at", "-pk").first()
        if newest is None:
            raise Http404
        return picture_response(newest, request, attachment=True)

    @extend_schema(
        summary="Download results as a ZIP",
        description="The archive holds the results in the order of the ids. Its entry `errors.txt` "
        "names results whose file is missing. A download that ends without the archive's directory "
        "is broken.",
        request=ZipRequest,
        responses={(200, "application/zip"): binary(), **problems(400, 404, 409, 422)},
    )
    @action(detail=False, methods=["post"])
    def zip(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ids = ZipRequest.parse(request.data).ids
        found = self.get_queryset().in_bulk(ids)
        archives.require_known(ids, found.keys(), TransformedImage)
        entries = archives.build_entries(found[pk] for pk in ids)
        return archive_response(entries, "results.zip", owner_id=self.owner_id)

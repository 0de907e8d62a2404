"""Results: list, show, download, delete."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth.permissions import Scope
from api.http import conditional
from api.http.archive_response import archive_response
from api.lists.image_filter_sets import ResultListFilterSet
from api.requests.ids import ZipRequest
from api.schema import CONDITIONS, IF_NONE_MATCH, NOT_MODIFIED, binary, etag, problems
from api.serializers.images import TransformedImageSerializer
from api.views.base import INCLUDE, PictureViewSet
from api.views.files import picture_response
from image_processor.library import archives, links, results, selectors
from image_processor.models import TransformedImage

_BYTES = {
    (200, "image/*"): binary(),
    **NOT_MODIFIED,
    302: OpenApiResponse(description="To a signed link"),
    **problems(403, 404),
}


class TransformedImageViewSet(PictureViewSet[TransformedImage]):
    """`images/transformed/`."""

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

    def owned_by(self, owner_id: int) -> QuerySet[TransformedImage]:
        return selectors.results_of(owner_id)

    @extend_schema(
        summary="List your results", parameters=[INCLUDE], responses=TransformedImageSerializer
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(
        summary="Show a result",
        parameters=[INCLUDE, IF_NONE_MATCH, etag(200, 304)],
        responses={200: TransformedImageSerializer, **NOT_MODIFIED, **problems(404)},
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(
        summary="Delete a result; its task stays",
        parameters=CONDITIONS,
        responses={204: None, **problems(404, 412)},
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check = partial(conditional.require_current, request)
        if not results.delete(self.get_object(), check=check):
            raise Http404
        return Response(status=204)

    @extend_schema(
        summary="Download a result",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses=_BYTES,
    )
    def download(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self._bytes(self.get_object())

    @extend_schema(
        summary="Download the newest result of an image",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses=_BYTES,
    )
    def newest(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        results_of_image = self.get_queryset().filter(source_image=self.kwargs["pk"])
        newest = results_of_image.order_by("-pk").first()
        if newest is None:
            raise Http404
        return self._bytes(newest)

    def _bytes(self, result: TransformedImage) -> HttpResponseBase:
        if not links.may_download(result):
            raise links.DownloadRefused("This result may not be downloaded.")
        return picture_response(result, self.request, attachment=True)

    @extend_schema(
        summary="Download results as a ZIP",
        description="In the order of the ids. A result whose file is gone is named in "
        "`errors.txt` inside; a download that ends without the archive's directory is broken.",
        request=ZipRequest,
        responses={(200, "application/zip"): binary(), **problems(400, 404, 409, 422)},
    )
    def zip(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ids = ZipRequest.parse(request.data).ids
        found = self.get_queryset().in_bulk(ids)
        archives.require_known(ids, found.keys(), TransformedImage)
        entries = archives.entries(found[pk] for pk in ids)
        return archive_response(entries, "results.zip", owner_id=self.owner_id)

"""Previews: what a pipeline would make of an image."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from api.auth.permissions import Scope
from api.http import caching, conditional, disconnection
from api.requests.bodies.pipeline import PipelineRequest, resolve_pipeline
from api.requests.bodies.transform import PreviewRequest
from api.schema import IF_NONE_MATCH, NOT_MODIFIED, binary, etag, header, problems
from api.serializers.transform import FileSizeSerializer
from api.views.base import OwnedViewSet
from image_processor.engine import PREVIEW_SIDE as LONGEST
from image_processor.engine.writing.output_formats import OUTPUT_FORMATS
from image_processor.library import selectors
from image_processor.models import SourceImage
from image_processor.transform import answers, preview_plans, preview_requests, size_estimates


class PreviewViewSet(OwnedViewSet[SourceImage]):
    """`images/<id>/preview/` and `images/<id>/file-size/`."""

    owned_by = staticmethod(selectors.images_with_proxy_of)
    serializer_class = Serializer  # the engine validates the request
    rate_scope = "preview"
    required_scopes = {"preview": Scope.IMAGES_READ, "file_size": Scope.IMAGES_READ}

    @extend_schema(
        summary="Preview a pipeline on an image",
        description=f"Answers at once with the result, scaled down to at most {LONGEST} px a side. "
        "An animation shows its first picture. The preview is a JPEG, or a WebP or PNG if the "
        "result has alpha. With `encoded` it has the format and quality of the finished result. "
        "Nothing is created, and no quota counts it. `Full-Width`, `Full-Height` and "
        "`Full-Format` describe the finished result. With `Full-Exact: false`, its "
        "size depends on the pixels, and these are the largest values that it can have.",
        request=PreviewRequest,
        parameters=[
            IF_NONE_MATCH,
            etag(200, 304),
            header("Full-Width", "Width of the finished result in pixels.", response=[200]),
            header("Full-Height", "Height of the finished result in pixels.", response=[200]),
            header("Full-Format", "Format of the finished result.", response=[200]),
            header("Full-Exact", "`false` where the size is a bound.", response=[200]),
        ],
        responses={
            **{(200, spec.content_type): binary() for spec in OUTPUT_FORMATS.values()},
            **NOT_MODIFIED,
            **problems(400, 404, 422, 503),
        },
    )
    @action(detail=True, methods=["post"])
    def preview(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        image = self.get_object()
        body = PreviewRequest.parse(request.data)
        with resolve_pipeline(self.owner_id, body) as pipeline:
            planned = preview_plans.plan_preview(image, encoded=body.encoded, **pipeline)
        headers = {
            "ETag": planned.etag,
            "Cache-Control": caching.OWNER_AFTER_CHECK,
            "Full-Width": str(planned.plan.width),
            "Full-Height": str(planned.plan.height),
            "Full-Format": planned.plan.format,
            "Full-Exact": str(planned.plan.exact).lower(),
        }
        if conditional.is_known(request, planned.etag):
            return HttpResponse(status=304, headers=headers)
        key = answers.new_key()
        with disconnection.calling_at_end(request, partial(answers.end, key)):
            rendered = preview_requests.request_preview(planned, self.owner_id, key)
        return HttpResponse(rendered.data, content_type=rendered.content_type, headers=headers)

    @extend_schema(
        summary="Estimate the size of a result's file",
        description="Answers within seconds about how many bytes the finished file will have, "
        "mostly within 10 %. `bytes` is null if there is no estimate: for an animation, for work "
        "that would take too long, if the service is busy, and if you ask for another estimate "
        "meanwhile. Nothing is created, and no quota counts it.",
        request=PipelineRequest,
        responses={200: FileSizeSerializer, **problems(400, 404, 422)},
    )
    @action(detail=True, methods=["post"], url_path="file-size", rate_scope="file_size")
    def file_size(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        image = self.get_object()
        body = PipelineRequest.parse(request.data)
        with resolve_pipeline(self.owner_id, body) as pipeline:
            message = size_estimates.plan_estimate(image, **pipeline)
        if message is None:
            return Response({"bytes": None})
        key = answers.new_key()
        with disconnection.calling_at_end(request, partial(answers.end, key)):
            return Response({"bytes": size_estimates.estimate(message, self.owner_id, key)})

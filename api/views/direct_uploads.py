"""`images/direct-uploads/`: files that are sent to the object storage itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth.permissions import Scope
from api.http import conditional
from api.http.object_urls import reverse
from api.requests.idempotency import idempotent
from api.requests.remote_files import DirectUploadRequest
from api.requests.upload import upload_help
from api.schema import LOCATION, etag, problems
from api.serializers.direct_uploads import DirectUploadSerializer
from api.serializers.images import UploadedImageSerializer
from api.views.base import OwnedViewSet
from image_processor.ingest import direct_uploads
from image_processor.library import selectors
from image_processor.models import DirectUpload


class DirectUploadViewSet(OwnedViewSet[DirectUpload]):
    """`images/direct-uploads/`."""

    # Its answers hold a form that writes, so no cache may keep them.

    serializer_class = DirectUploadSerializer
    rate_scope = "upload"
    required_scopes = {
        "create": Scope.IMAGES_WRITE,
        "retrieve": Scope.IMAGES_WRITE,
        "complete": Scope.IMAGES_WRITE,
    }

    def owned_by(self, owner_id: int) -> QuerySet[DirectUpload]:
        return selectors.direct_uploads_of(owner_id)

    @extend_schema(
        summary="Announce a file that is sent to the storage itself",
        description="For large files where images are kept in S3: the bytes do not pass through "
        "this service. Send the file by the form in the answer, then `complete` it. On local "
        "storage 409 `direct_upload_unavailable`.",
        request=DirectUploadRequest,
        parameters=[LOCATION],
        responses={201: DirectUploadSerializer, **problems(400, 403, 409, 413, 415)},
    )
    @idempotent
    def create(
        self,
        request: Request,
        *args: Any,
        on_created: Callable[[int], None] | None,
        **kwargs: Any,
    ) -> Response:
        body = DirectUploadRequest.parse(request.data)
        upload = direct_uploads.begin(self.owner_id, on_created=on_created, **body.given())
        return self._answer(upload, 201)

    def show_created(self, pk: int) -> Response:
        return self._answer(self.get_queryset().get(pk=pk), 201)

    @extend_schema(
        summary="Show how to send an announced file, and what became of it",
        description="Another form for the same file, which expires with the first one.",
        responses={200: DirectUploadSerializer, **problems(404)},
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._answer(self.get_object(), 200)

    @extend_schema(
        summary="Make an image of a file that was sent to the storage",
        description=f"The file is checked as an upload is: {upload_help()} Asked again, it answers "
        "with the same image. What is refused is removed; until the form expires, the file can be "
        "sent again.",
        request=None,
        parameters=[LOCATION, etag(201)],
        responses={
            201: UploadedImageSerializer,
            **problems(400, 403, 404, 409, 413, 415, 422, 503, 507),
        },
    )
    def complete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        made = direct_uploads.complete(self.get_object())
        image = selectors.images_of(self.owner_id).get(pk=made.pk)
        shown = UploadedImageSerializer(image, context=self.get_serializer_context())
        return Response(
            shown.data | {"duplicate_of": selectors.duplicate_of(image)},
            status=201,
            headers={
                "Location": reverse("image", pk=image.pk),
                "ETag": conditional.etag_of(image),
            },
        )

    def _answer(self, upload: DirectUpload, status: int) -> Response:
        headers = {"Cache-Control": "no-store"}
        if status == 201:
            headers["Location"] = reverse("direct-upload", pk=upload.pk)
        return Response(self.get_serializer(upload).data, status=status, headers=headers)

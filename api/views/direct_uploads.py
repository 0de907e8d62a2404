"""`images/direct-uploads/`: files that are sent to the object storage itself."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth.permissions import Scope
from api.http.object_urls import reverse
from api.requests.idempotency import Claim, idempotent
from api.requests.remote_files import DirectUploadRequest
from api.requests.upload import upload_help
from api.schema import LOCATION, etag, problems
from api.serializers.direct_uploads import DirectUploadSerializer
from api.serializers.images import UploadedImageSerializer
from api.views.base import OwnedViewSet
from api.views.uploads import uploaded_response
from image_processor.ingest import direct_completion, direct_uploads
from image_processor.library import selectors
from image_processor.models import DirectUpload


class DirectUploadViewSet(OwnedViewSet[DirectUpload]):
    """`images/direct-uploads/`.

    No cache may keep the answers, because they hold a form that writes to the storage.
    """

    collection_name = "direct-uploads"
    owned_by = staticmethod(selectors.direct_uploads_of)
    serializer_class = DirectUploadSerializer
    rate_scope = "upload"
    required_scopes = {
        "create": Scope.IMAGES_WRITE,
        "retrieve": Scope.IMAGES_WRITE,
        "complete": Scope.IMAGES_WRITE,
    }

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
    def create(self, request: Request, *args: Any, claim: Claim, **kwargs: Any) -> Response:
        body = DirectUploadRequest.parse(request.data)
        with transaction.atomic():
            upload = direct_uploads.announce(self.owner_id, **body.given())
            claim.complete(upload.pk)
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
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return uploaded_response(self, direct_completion.complete(self.get_object()))

    def _answer(self, upload: DirectUpload, status: int) -> Response:
        headers = {"Cache-Control": "no-store"}
        if status == 201:
            headers["Location"] = reverse("direct-upload", pk=upload.pk)
        return Response(self.get_serializer(upload).data, status=status, headers=headers)

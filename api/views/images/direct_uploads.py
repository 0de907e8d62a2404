"""`images/direct-uploads/`: files that clients send to the object storage itself."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth.permissions import Scope
from api.http.reverse import reverse
from api.requests.bodies.nothing import NoBody
from api.requests.bodies.remote_files import DirectUploadRequest
from api.requests.bodies.upload import upload_help
from api.requests.idempotency import Claim, idempotent
from api.schema import LOCATION, etag, problems
from api.serializers.direct_uploads import DirectUploadSerializer
from api.serializers.images import UploadedImageSerializer
from api.views.base import OwnedViewSet
from api.views.images.uploads import uploaded_response
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
        summary="Announce a direct upload",
        description="For large files where images are stored in S3: the bytes do not pass through "
        "this service. Send the file with the form in the answer, then `complete` the upload. On "
        "local storage 409 `direct_upload_unavailable`.",
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
        summary="Show a direct upload with a form to send the file",
        description="The form is a new one for the same file; it expires with the first form.",
        responses={200: DirectUploadSerializer, **problems(404)},
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._answer(self.get_object(), 200)

    @extend_schema(
        summary="Complete a direct upload",
        description=f"Makes an image of the file, which is checked like an upload: {upload_help()} "
        "A repeated request returns the same image. A refused file is removed; until the form "
        "expires, the file can be sent again.",
        request=None,
        parameters=[LOCATION, etag(201)],
        responses={
            201: UploadedImageSerializer,
            **problems(400, 403, 404, 409, 413, 415, 422, 503, 507),
        },
    )
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        NoBody.parse(request.data)
        return uploaded_response(self, direct_completion.complete(self.get_object()))

    def _answer(self, upload: DirectUpload, status: int) -> Response:
        headers = {"Location": reverse("direct-upload", pk=upload.pk)} if status == 201 else None
        return Response(self.get_serializer(upload).data, status=status, headers=headers)

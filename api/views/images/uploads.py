"""`images/upload/`: upload an image in a form."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth.permissions import Scope
from api.http import conditional
from api.http.reverse import reverse
from api.requests.bodies.upload import UploadRequest, upload_help
from api.requests.file_form import FileFormParser
from api.requests.idempotency import Claim, idempotent
from api.schema import LOCATION, etag, problems
from api.serializers.images import UploadedImageSerializer
from api.views.base import INCLUDE, OwnedViewSet, PictureViewSet
from image_processor.ingest import file_check
from image_processor.ingest.storing import storing
from image_processor.library import images, selectors
from image_processor.models import SourceImage
from image_processor.storage import file_names


class UploadViewSet(PictureViewSet[SourceImage]):
    """`images/upload/`."""

    owned_by = staticmethod(selectors.images_of)
    serializer_class = UploadedImageSerializer
    parser_classes = [FileFormParser]
    rate_scope = "upload"
    required_scopes = {"create": Scope.IMAGES_WRITE}

    @extend_schema(
        summary="Upload an image",
        description=upload_help(),
        request={"multipart/form-data": UploadRequest},
        parameters=[INCLUDE, LOCATION, etag(201)],
        responses={201: UploadedImageSerializer, **problems(400, 403, 413, 415, 422, 503, 507)},
    )
    @idempotent
    def create(self, request: Request, *args: Any, claim: Claim, **kwargs: Any) -> Response:
        form = UploadRequest.parse(request.data)
        name = file_names.choose(form.file_name or None, fallback=form.file.name or "")
        checked = file_check.check(self.owner_id, form.content)
        with storing(checked) as stored:
            image = images.create(stored, file_name=name, description=form.description)
            claim.complete(image.pk)
        return uploaded_response(self, image)

    def show_created(self, pk: int) -> Response:
        return uploaded_response(self, self.get_queryset().get(pk=pk))


def uploaded_response(view: OwnedViewSet[Any], image: SourceImage) -> Response:
    """The answer to the upload of an image, with the id of an earlier image of the same bytes."""
    shown = UploadedImageSerializer(image, context=view.get_serializer_context())
    return Response(
        shown.data | {"duplicate_of": selectors.find_duplicate(image)},
        status=201,
        headers={"Location": reverse("image", pk=image.pk), "ETag": conditional.etag_of(image)},
    )

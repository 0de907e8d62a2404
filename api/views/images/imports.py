"""`images/import/`: import an image from an address, which a worker fetches."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth.permissions import Scope
from api.http import conditional
from api.http.reverse import reverse
from api.requests.bodies.remote_files import ImportRequest
from api.requests.idempotency import Claim, idempotent
from api.schema import etag, location, problems
from api.serializers.images import SourceImageSerializer
from api.views.base import INCLUDE, PictureViewSet
from image_processor.ingest import imports
from image_processor.library import selectors
from image_processor.models import SourceImage
from utils.outbound.reachability import require_reachable


class ImportViewSet(PictureViewSet[SourceImage]):
    """`images/import/`."""

    owned_by = staticmethod(selectors.images_of)
    serializer_class = SourceImageSerializer
    rate_scope = "upload"
    required_scopes = {"create": Scope.IMAGES_WRITE}

    @extend_schema(
        summary="Import an image from an address",
        description="Answers at once with an image in state `importing`, which has no picture "
        "yet. The image becomes `ready`, or `failed` with `error_code` and `error_message`. The "
        "file is checked like an upload. Only public addresses are fetched, with at most 3 "
        f"redirects, within {settings.IMPORT_TIMEOUT} seconds. If the other server fails, the file "
        "is requested up to 4 times within some minutes. Deleting the image ends the import.",
        request=ImportRequest,
        parameters=[INCLUDE, location(202), etag(202)],
        responses={202: SourceImageSerializer, **problems(400, 403, 409, 422)},
    )
    @idempotent
    def create(self, request: Request, *args: Any, claim: Claim, **kwargs: Any) -> Response:
        body = ImportRequest.parse(request.data)
        require_reachable(body.url)
        with transaction.atomic():
            image = imports.create(self.owner_id, **body.given())
            claim.complete(image.pk)
        return self._created(image)

    def show_created(self, pk: int) -> Response:
        return self._created(self.get_queryset().get(pk=pk))

    def _created(self, image: SourceImage) -> Response:
        return Response(
            self.get_serializer(image).data,
            status=202,
            headers={"Location": reverse("image", pk=image.pk), "ETag": conditional.etag_of(image)},
        )

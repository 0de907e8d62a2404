"""`images/deletions/`: how far the deletion of an image with many tasks is."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema, extend_schema_view

from api.auth.permissions import Scope
from api.schema import IF_NONE_MATCH, NOT_MODIFIED, etag, problems
from api.serializers.deletions import DeletionSerializer
from api.views.base import ListMixin, OwnedViewSet, RetrieveMixin
from image_processor.library import selectors
from image_processor.models import Deletion


@extend_schema_view(
    list=extend_schema(
        summary="List the deletions of your images that run in the background",
        description="With those that ended within the last day.",
        responses=DeletionSerializer,
    ),
    retrieve=extend_schema(
        summary="Show how far the deletion of an image is",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={200: DeletionSerializer, **NOT_MODIFIED, **problems(404)},
    ),
)
class ImageDeletionViewSet(ListMixin, RetrieveMixin, OwnedViewSet[Deletion]):
    """Deletions that `DELETE images/{id}/` answered with 202."""

    collection_name = "image-deletions"
    owned_by = staticmethod(selectors.image_deletions_of)
    serializer_class = DeletionSerializer
    required_scopes = {"list": Scope.IMAGES_WRITE, "retrieve": Scope.IMAGES_WRITE}

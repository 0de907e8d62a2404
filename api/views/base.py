"""The base of viewsets of owned objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import BigIntegerField, Model, QuerySet
from django.http import Http404
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from api.auth.permissions import Scope
from api.http import conditional
from api.lists.filter_set import OwnedFilterSet
from api.lists.listing import Listing
from api.lists.pagination import NewestFirstPagination
from api.lists.whole_listing import WholeListing
from api.requests.query import one_of
from utils.prepared_query import PreparedQuery

Row = TypeVar("Row", bound=Model)

_PAGE_PARAMETERS = {
    NewestFirstPagination.cursor_query_param,
    NewestFirstPagination.page_size_query_param,
}
# A larger number in a path is no id, and the database would refuse it.
_LARGEST_ID = BigIntegerField.MAX_BIGINT


class OwnedViewSet(GenericViewSet, Generic[Row]):
    """Objects of the caller. Objects of others are not found.

    `required_scopes` names the scopes that an API key needs for each action; an action that it does
    not name is closed to API keys.
    """

    required_scopes: ClassVar[Mapping[str, Scope | tuple[Scope, ...]]] = {}
    rate_scope: ClassVar[str | tuple[str, ...]] = ()
    lookup_value_converter = "int"
    filter_backends = [DjangoFilterBackend]  # for the OpenAPI document; `listing` filters
    filterset_class: type[OwnedFilterSet] | None = None

    @staticmethod
    def owned_by(owner_id: int) -> QuerySet[Any]:
        """The rows of one owner, with the related rows that their representation needs."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Row]:
        is_schema = getattr(self, "swagger_fake_view", False)
        return self.owned_by(0 if is_schema else self.owner_id)

    def filter_queryset(self, queryset: Any) -> Any:
        """All rows: an object is found by its id alone."""
        return queryset

    def get_object(self) -> Row:
        """The caller's object that the path names. One query; raises `Http404`."""
        pk = self.kwargs[self.lookup_field]
        found = _prepared(self.owned_by).first(self.owner_id, pk) if pk <= _LARGEST_ID else None
        if found is None:
            raise Http404
        return found

    @property
    def owner_id(self) -> int:
        """The signed-in caller's id."""
        assert self.request.user.pk is not None
        return self.request.user.pk

    def listing(self) -> Listing:
        """The caller's rows that the query selects; raises `ValidationError`."""
        parameters = self.request.query_params
        if self.filterset_class is None or parameters.keys() <= _PAGE_PARAMETERS:
            # Without making a form of all filters.
            return WholeListing(owned_by=self.owned_by, owner_id=self.owner_id)
        filters = self.filterset_class(
            parameters, self.get_queryset(), request=self.request, owner_id=self.owner_id
        )
        return filters.listing()

    def page(self, rows: Any, serializer: type[BaseSerializer] | None = None) -> Response:
        """One cursor page of a queryset or a `Listing`, shown by the viewset's own serializer
        unless another is given."""
        page = self.paginate_queryset(rows)
        assert page is not None
        shown = (serializer or self.get_serializer_class())(
            page, many=True, context=self.get_serializer_context()
        )
        return self.get_paginated_response(shown.data)

    def show(self, row: Any) -> Response:
        """One object with its ETag, or 304."""
        etag = conditional.etag_of(row)
        return conditional.not_modified(self.request, etag) or Response(
            self.get_serializer(row).data, headers={"ETag": etag}
        )


@cache
def _prepared(owned_by: Callable[[int], QuerySet[Any]]) -> PreparedQuery[Any]:
    """The query for one of the rows that `owned_by` returns."""
    return PreparedQuery(lambda owner_id, pk: owned_by(owner_id).filter(pk=pk), [-1, -2])


class ListMixin:
    """`GET` of a collection."""

    def list(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.page(self.listing())


class RetrieveMixin:
    """`GET` of one object."""

    def retrieve(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.show(self.get_object())


INCLUDE = OpenApiParameter("include", str, enum=["gps"], description="Show where it was taken.")


class PictureViewSet(OwnedViewSet[Row]):
    """Pictures, whose `?include=` is checked before anything is done."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action in ("list", "retrieve", "create", "partial_update"):
            one_of(request, "include", ("gps",))

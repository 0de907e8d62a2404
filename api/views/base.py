"""What the viewsets of owned objects share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import Model, QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from api.auth.permissions import Scope
from api.http import conditional
from api.lists.filter_set import OwnedFilterSet
from api.lists.listing import Listing
from api.requests.query import one_of

Row = TypeVar("Row", bound=Model)


class OwnedViewSet(GenericViewSet, Generic[Row]):
    """Lists and shows what the caller owns; anything else is not there.

    Subclasses say in `owned_by` where an owner's rows come from, and in `required_scopes` which
    scope an API key needs for each action; what is not named there is closed to API keys.
    """

    required_scopes: ClassVar[Mapping[str, Scope | tuple[Scope, ...]]] = {}
    filter_backends = [DjangoFilterBackend]  # for the OpenAPI document; `listing` filters
    filterset_class: type[OwnedFilterSet] | None = None

    def owned_by(self, owner_id: int) -> QuerySet[Row]:
        """The rows of one owner, with what their representation needs."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Row]:
        if getattr(self, "swagger_fake_view", False):
            return self.owned_by(0)
        return self.owned_by(self.owner_id)

    def filter_queryset(self, queryset: Any) -> Any:
        """Everything: an object is found by its id alone."""
        return queryset

    def get_locked(self) -> Row:
        """The object, kept as it is until the transaction ends: between the look at its version
        and the change, nobody else changes it."""
        rows = self.get_queryset().select_for_update(of=("self",))
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @property
    def owner_id(self) -> int:
        """The signed-in caller's id."""
        assert self.request.user.pk is not None
        return self.request.user.pk

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.page(self.listing())

    def listing(self) -> Listing:
        """What the query asks for of the caller's rows; raises `ValidationError`."""
        rows = self.get_queryset()
        if self.filterset_class is None:
            return Listing(rows)
        filters = self.filterset_class(
            self.request.query_params, rows, request=self.request, owner_id=self.owner_id
        )
        return filters.listing()

    def page(self, rows: Any, serializer: type[BaseSerializer] | None = None) -> Response:
        """One cursor page of a queryset or a `Listing`, by default of the viewset's own kind."""
        page = self.paginate_queryset(rows)
        assert page is not None
        shown = (serializer or self.get_serializer_class())(
            page, many=True, context=self.get_serializer_context()
        )
        return self.get_paginated_response(shown.data)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.show(self.get_object())

    def show(self, row: Any) -> Response:
        """One object with its ETag, or 304."""
        return conditional.answer(self.request, row, lambda: self.get_serializer(row).data)


INCLUDE = OpenApiParameter("include", str, enum=["gps"], description="Show where it was taken.")


class PictureViewSet(OwnedViewSet[Row]):
    """Of pictures, whose `?include=` is checked before anything is done."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action in ("list", "retrieve", "create", "partial_update"):
            one_of(request, "include", ("gps",))

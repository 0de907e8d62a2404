"""Which pictures: in the query of both lists of them, and in the `filter` of a batch."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field

from api.lists.filters import OrderingFilter, OwnedFilterSet, SearchFilter
from api.lists.query_values import IdFilter, NotEmpty, PixelsFilter, TimeFilter
from image_processor import conf
from image_processor.engine.writing.formats import ALIASES
from image_processor.models import SourceImage
from image_processor.models.search import SearchMatch, build_tag_query


class _FormatField(NotEmpty, forms.CharField):
    """The name of a format that can be read, in any case."""

    def clean(self, value: Any) -> str:
        given = str(super().clean(value)).upper()
        name = ALIASES.get(given, given)
        readable = conf.limits().formats
        if name and name not in readable:
            raise forms.ValidationError(
                f"{given[:20]!r} is no format; there are: {', '.join(readable)}.", "not_a_choice"
            )
        return name


@extend_schema_field({"type": "string", "enum": list(conf.limits().formats)})
class _FormatFilter(django_filters.CharFilter):
    field_class = _FormatField


class _PictureFilter(OwnedFilterSet):
    """What sources and results have; sizes are in pixels, of the upright picture."""

    in_order: ClassVar[tuple[str, ...]] = ("format",)

    search = SearchFilter()
    format = _FormatFilter("metadata__format", label="JPEG, PNG ..., in any case.")
    created_after = TimeFilter("created_at", lookup_expr="gte")
    created_before = TimeFilter("created_at", lookup_expr="lt")
    min_width = PixelsFilter(field_name="metadata__width", lookup_expr="gte")
    max_width = PixelsFilter(field_name="metadata__width", lookup_expr="lte")
    min_height = PixelsFilter(field_name="metadata__height", lookup_expr="gte")
    max_height = PixelsFilter(field_name="metadata__height", lookup_expr="lte")


class _TagField(NotEmpty, forms.CharField):
    pass


@extend_schema_field({"type": "string", "minLength": 1})
class _TagFilter(django_filters.CharFilter):
    field_class = _TagField


class ImageFilter(_PictureFilter):
    """Of source images, wherever they are chosen."""

    tag = _TagFilter(method="with_tag", label="One of its tags, as it is.")

    def with_tag(
        self, images: QuerySet[SourceImage], name: str, value: str
    ) -> QuerySet[SourceImage]:
        return images.filter(
            SearchMatch(build_tag_query(self.owner_id, value), by_index=self.by_index)
        )


class ImageListFilter(ImageFilter):
    """Of `images/`."""

    ordering = OrderingFilter()


class ResultFilter(_PictureFilter):
    """Of `images/transformed/`."""

    in_order = ("source_image", "format")

    source_image = IdFilter(field_name="source_image_id")
    ordering = OrderingFilter()

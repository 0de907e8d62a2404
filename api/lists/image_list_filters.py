"""Filters of the lists of images and results, and of the images of a batch."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field

from api.lists.filter_set import OrderingFilter, OwnedFilterSet
from api.lists.search import SearchFilter
from api.lists.value_filters import IdFilter, PixelsFilter, TextField, TimeFilter
from image_processor.engine import readable_formats
from image_processor.engine.writing.output_formats import ALIASES
from image_processor.models import SourceImage
from image_processor.models.search import SearchMatch, build_tag_query


class _FormatField(TextField):
    """The name of a format that the service reads, in any case."""

    def clean(self, value: Any) -> str:
        given = str(super().clean(value)).upper()
        name = ALIASES.get(given, given)
        readable = readable_formats()
        if name and name not in readable:
            raise forms.ValidationError(
                f"{given[:20]!r} is not a format; the formats are {', '.join(readable)}.",
                "not_a_choice",
            )
        return name


@extend_schema_field({"type": "string", "enum": readable_formats()})
class _FormatFilter(django_filters.CharFilter):
    field_class = _FormatField


class _PictureFilterSet(OwnedFilterSet):
    """Filters that sources and results have. Sizes are pixels of the upright picture."""

    in_order: ClassVar[tuple[str, ...]] = ("format",)

    search = SearchFilter()
    format = _FormatFilter("metadata__format", label="JPEG, PNG ..., in any case.")
    created_after = TimeFilter("created_at", lookup_expr="gte")
    created_before = TimeFilter("created_at", lookup_expr="lt")
    min_width = PixelsFilter(field_name="metadata__width", lookup_expr="gte")
    max_width = PixelsFilter(field_name="metadata__width", lookup_expr="lte")
    min_height = PixelsFilter(field_name="metadata__height", lookup_expr="gte")
    max_height = PixelsFilter(field_name="metadata__height", lookup_expr="lte")


@extend_schema_field({"type": "string", "minLength": 1})
class _TagFilter(django_filters.CharFilter):
    field_class = TextField


class ImageFilterSet(_PictureFilterSet):
    """Filters of source images: of their list, and of the `filter` of a batch."""

    tag = _TagFilter(method="with_tag", label="One of the tags, spelled exactly.")

    def with_tag(
        self, images: QuerySet[SourceImage], name: str, value: str
    ) -> QuerySet[SourceImage]:
        return images.filter(
            SearchMatch(build_tag_query(self.owner_id, value), by_index=self.by_index)
        )


class ImageListFilterSet(ImageFilterSet):
    """`GET images/`."""

    ordering = OrderingFilter()


class ResultListFilterSet(_PictureFilterSet):
    """`GET images/transformed/`."""

    in_order = ("source_image", "format")

    source_image = IdFilter(field_name="source_image_id")
    ordering = OrderingFilter()

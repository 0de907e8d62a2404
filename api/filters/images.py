"""Which source images: in the query of `images/`, and in the `filter` of a batch."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field

from api.filters.values import NothingEmpty, PixelsFilter
from image_processor import conf
from image_processor.engine.formats import ALIASES
from image_processor.models import SourceImage


class _FormatField(forms.CharField):
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


@extend_schema_field({"type": "string", "minLength": 1})
class _TextFilter(django_filters.CharFilter):
    pass


class ImageFilter(django_filters.FilterSet):
    """All conditions must hold; sizes are in pixels, of the upright picture."""

    class Meta:
        form = NothingEmpty

    format = _FormatFilter("metadata__format", label="Of the file; in any case.")
    created_after = django_filters.IsoDateTimeFilter("created_at", lookup_expr="gte")
    created_before = django_filters.IsoDateTimeFilter("created_at", lookup_expr="lt")
    min_width = PixelsFilter(field_name="metadata__width", lookup_expr="gte")
    max_width = PixelsFilter(field_name="metadata__width", lookup_expr="lte")
    min_height = PixelsFilter(field_name="metadata__height", lookup_expr="gte")
    max_height = PixelsFilter(field_name="metadata__height", lookup_expr="lte")
    tag = _TextFilter(method="with_tag", label="One of its tags, as it is.")

    def with_tag(
        self, images: QuerySet[SourceImage], name: str, value: str
    ) -> QuerySet[SourceImage]:
        return images.filter(tags__contains=[value])

"""`?search=`: parts of words in an image's name, description and tags."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from drf_spectacular.utils import extend_schema_field

from image_processor.models.search import (
    SearchMatch,
    build_words_query,
    choose_words,
    split_words,
)

MAX_WORDS = 10
MAX_LENGTH = 200


class _SearchField(forms.CharField):
    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        words = split_words(text)
        if value is not None and not words:
            message = f"{text[:20]!r} has no letter and no digit to search for."
            raise forms.ValidationError(message, "no_words")
        if len(words) > MAX_WORDS:
            message = f"{len(words)} words are too many; search for at most {MAX_WORDS}."
            raise forms.ValidationError(message, "too_many_words")
        return text


_HELP = (
    "Words, or parts of words, in the name, the description or the tags. An image matches if it "
    "has every word, in any case and with or without accents. All characters except letters and "
    f"digits only separate words. At most {MAX_WORDS} words."
)


@extend_schema_field(
    # A schema replaces the label in the document.
    {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH, "description": _HELP}
)
class SearchFilter(django_filters.CharFilter):
    """Images that have every word, or words that contain it."""

    field_class = _SearchField

    def __init__(self) -> None:
        super().__init__(max_length=MAX_LENGTH, label=_HELP)

    def filter(self, qs: Any, value: Any) -> Any:
        if not value:
            return qs
        owner_id, words = self.parent.owner_id, split_words(value)
        looked_up = choose_words(qs.model, owner_id, words) if self.parent.by_index else []
        checked = [word for word in words if word not in looked_up]
        for some, by_index in ((looked_up, True), (checked, False)):
            if some:
                query = build_words_query(owner_id, some)
                qs = qs.filter(SearchMatch(query, by_index=by_index))
        return qs

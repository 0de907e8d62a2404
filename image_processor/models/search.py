"""Search of images by parts of words and by tags, in the generated column `search`.

The column exists in the database only (see the migrations): PostgreSQL fills it at every write, and
no model loads it. For each letter of name, description and tags it holds `<owner>/<piece>`: the
letter and up to 11 letters that follow it in the same word. A part of a word is the beginning of
one of these pieces, so the index finds it in any script, however short it is. For each whole tag
the column holds `<owner>#<md5>`. Since the owner comes first, the index leads to the pieces of one
owner only.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Expression, Model

# Characters of words, accents to remove, and the length of pieces, as in the migrations.
_WORD = re.compile("[0-9A-Za-z\u00aa\u00b5\u00ba\u00c0-\u1fff\u2070-\u2fff\u3005-\U0010ffff]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_PIECE = 12


def split_words(text: str) -> list[str]:
    """Split a text into words without accents. Upper case stays."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return _WORD.findall(unicodedata.normalize("NFC", plain))


def build_words_query(owner_id: int, words: list[str]) -> str:
    """Return the `tsquery` for images that have each word, or longer words that contain it.

    A word of more than 12 letters is found by all its pieces of 12.
    """
    terms = dict.fromkeys(term for word in words for term in _terms(word))
    return " & ".join(f"'{owner_id}/{term}" for term in terms)


def _terms(word: str) -> list[str]:
    if len(word) < _PIECE:
        return [f"{word}':*"]
    return [f"{word[start : start + _PIECE]}'" for start in range(len(word) - _PIECE + 1)]


def build_tag_query(owner_id: int, tag: str) -> str:
    """Return the `tsquery` for images with exactly this tag."""
    return f"'{owner_id}#{hashlib.md5(tag.encode(), usedforsecurity=False).hexdigest()}'"


# A word is rare if fewer than one in `_RARE` of the owner's `_SAMPLE` newest images have it.
_SAMPLE = 200
_RARE = 50
_FIND_RARE = """
WITH newest AS MATERIALIZED (
    SELECT search FROM {table} WHERE owner_id = %s ORDER BY created_at DESC, id DESC LIMIT %s
)
SELECT nth FROM unnest(%s) WITH ORDINALITY AS words (query, nth)
WHERE (SELECT count(*) FROM newest WHERE search @@ lower(query)::tsquery) * %s
    < (SELECT count(*) FROM newest)
"""


def choose_words(model: type[Model], owner_id: int, words: list[str]) -> list[str]:
    """Return the words to look up in the index: the rare ones, or all if none is rare.

    The index collects all entries of each word that it looks up. It is faster to look up a rare
    word only, and to check the others on the images that have it. One query for several words.
    """
    if len(words) == 1:
        return words
    queries = [build_words_query(owner_id, [word]) for word in words]
    with connection.cursor() as cursor:
        cursor.execute(
            _FIND_RARE.format(table=model._meta.db_table), [owner_id, _SAMPLE, queries, _RARE]
        )
        return [words[nth - 1] for (nth,) in cursor] or words


class SearchMatch(Expression):
    """A condition for `filter()`: the column `search` of a row matches a `tsquery`.

    With `by_index=False`, the condition is written so that PostgreSQL cannot use the index.
    """

    conditional = True

    def __init__(self, query: str, *, by_index: bool = True) -> None:
        super().__init__(output_field=BooleanField())
        self.query = query
        self.by_index = by_index
        self.table = ""

    def resolve_expression(self, query: Any = None, *args: Any, **kwargs: Any) -> Any:
        resolved = self.copy()
        resolved.table = query.get_initial_alias()
        return resolved

    def relabeled_clone(self, relabels: Any) -> Any:
        clone = self.copy()
        clone.table = relabels.get(self.table, self.table)
        return clone

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        column = f"{compiler.quote_name_unless_alias(self.table)}.search"
        form = (
            "{} @@ lower(%s)::tsquery" if self.by_index else "ts_match_vq({}, lower(%s)::tsquery)"
        )
        return form.format(column), (self.query,)

"""Search of images by words and tags, in the generated column `search`.

The column exists in the database only (see the migration): PostgreSQL fills it at every write, and
no model loads it. It holds `<owner>/<word>` for each word of name, description and tags, and
`<owner>#<md5>` for each whole tag. Since the owner comes first, the index of the column leads to
the words of one owner only.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any

from django.db.models import BooleanField, Expression

# Characters of words, accents to remove, and the length of words, as in the migration.
_WORD = re.compile("[0-9A-Za-z\u00aa\u00b5\u00ba\u00c0-\u1fff\u2070-\u2fff\u3005-\U0010ffff]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_MAX_LENGTH = 64


def split_words(text: str) -> list[str]:
    """Split a text into words without accents. Upper case stays."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return [word[:_MAX_LENGTH] for word in _WORD.findall(plain)]


def build_words_query(owner_id: int, words: list[str]) -> str:
    """Return the `tsquery` for images that have, for each word, a word that starts with it."""
    return " & ".join(f"'{owner_id}/{word}':*" for word in words)


def build_tag_query(owner_id: int, tag: str) -> str:
    """Return the `tsquery` for images with exactly this tag."""
    return f"'{owner_id}#{hashlib.md5(tag.encode(), usedforsecurity=False).hexdigest()}'"


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

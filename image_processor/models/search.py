"""The words of a picture: what its generated column `search` holds, and how it is asked.

The column belongs to PostgreSQL (migration 0020), which fills it at every write; no model loads
it. It holds `<owner>/<word>` for each word of name, description and tags, and `<owner>#<md5>` for
each tag as a whole: with the owner in front, the index leads to one owner's words only.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any

from django.db.models import BooleanField, Expression

# What words are made of, as in the migration: without accents, cut after so many characters.
_WORD = re.compile("[0-9A-Za-z\u00aa\u00b5\u00ba\u00c0-\u1fff\u2070-\u2fff\u3005-\U0010ffff]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_LONGEST = 64


def words_of(text: str) -> list[str]:
    """What somebody searches for, word by word; upper case is as it was."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return [word[:_LONGEST] for word in _WORD.findall(plain)]


def has_words(owner_id: int, words: list[str]) -> str:
    """The `tsquery` for pictures that have, for each of these, a word that starts with it."""
    return " & ".join(f"'{owner_id}/{word}':*" for word in words)


def has_tag(owner_id: int, tag: str) -> str:
    """The `tsquery` for pictures with this tag, letter by letter."""
    return f"'{owner_id}#{hashlib.md5(tag.encode(), usedforsecurity=False).hexdigest()}'"


class Found(Expression):
    """Whether a row's words answer a `tsquery`: a condition for `filter()`.

    With `by_index=False` the same, in a form for which PostgreSQL cannot take the index.
    """

    conditional = True

    def __init__(self, query: str, *, by_index: bool = True) -> None:
        super().__init__(output_field=BooleanField())
        self.query = query
        self.by_index = by_index
        self.table = ""

    def resolve_expression(self, query: Any = None, *args: Any, **kwargs: Any) -> Any:
        found = self.copy()
        found.table = query.get_initial_alias()
        return found

    def relabeled_clone(self, relabels: Any) -> Any:
        found = self.copy()
        found.table = relabels.get(self.table, self.table)
        return found

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        column = f"{compiler.quote_name_unless_alias(self.table)}.search"
        form = (
            "{} @@ lower(%s)::tsquery" if self.by_index else "ts_match_vq({}, lower(%s)::tsquery)"
        )
        return form.format(column), (self.query,)

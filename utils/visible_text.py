"""Which characters a name may have: those that people see, and those that join them."""

from __future__ import annotations

import unicodedata

# The zero-width non-joiner and joiner. Persian and Hindi are not written right without them, and
# emoji of several persons are one picture by them.
JOINERS = "\u200c\u200d"

# Cc: control characters; Cf: invisible ones, such as the right-to-left override; Cs: surrogates;
# Zl, Zp: line and paragraph separators. All of them can make a name look like another.
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def is_hidden(character: str) -> bool:
    """Whether a character is invisible and does not join visible ones."""
    return unicodedata.category(character) in _HIDDEN and character not in JOINERS


def is_blank(text: str) -> bool:
    """Whether there is nothing to see: only spaces, hidden characters and joiners."""
    return all(char.isspace() or char in JOINERS or is_hidden(char) for char in text)

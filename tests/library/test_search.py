"""PostgreSQL and `split_words` split and clean texts alike."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection

from image_processor.models.search import split_words

BEYOND_ONE_PLANE = [0x10000, 0x1F600, 0x20000, 0xE0100, 0x10FFFF]
TEXTS = [
    "IMG_2024-holiday.jpg",
    "Crème brûlée ﬁne Ⅷ ½ ②",
    "İstanbul ΣΊΣΥΦΟΣ ẞ",
    "हिन्दी ไทย 한국어 日本語　庭",
    "\u00a0\u1680\u2003\u2028\u3000x\u0085y",
    "a" * 63 + "é" * 3,
    *("".join(f"{chr(code)}x " for code in range(start, start + 0x400))
      for start in range(1, 0xD400, 0x400)),
    "".join(f"{chr(code)}x " for code in BEYOND_ONE_PLANE),
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: f"{ord(text[0]):x}")
def test_postgresql_splits_words_as_split_words_does(db: None, text: str) -> None:
    """The column holds the pieces of the words that a search for the text has."""
    pieces = [word[at : at + 12] for word in split_words(text) for at in range(len(word))]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(image_processor_search(7, %s, '', '[]')),"
            " array(SELECT '7/' || lower(piece) FROM unnest(%s) AS piece)",
            [text, pieces],
        )
        there, expected = cursor.fetchone()
    assert set(there) == set(expected)


def search_column(description: str, tags: list[str]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(image_processor_search(%s, '', %s, %s))",
            [2**40, description, json.dumps(tags)],
        )
        return cursor.fetchone()[0]


# The longest texts in letters of four bytes, with spaces and without, and a letter that Unicode
# writes out as 15 letters.
LONGEST = {
    "no spaces": "".join(chr(0x20000 + n) for n in range(10_000)),
    "spaces": "".join(f"{chr(0x20000 + n)} " for n in range(5_000)),
    "one letter": "\u00e9" * 10_000,
    "written out": "\ufdfa" * 10_000,
    "months": "".join(chr(0x3300 + (n * 7 + n * n) % 87) for n in range(10_000)),
}


@pytest.mark.parametrize("text", LONGEST.values(), ids=LONGEST)
def test_the_longest_description_and_tags_fit(db: None, text: str) -> None:
    tags = [chr(0x30000 + n) * 63 + "x" for n in range(50)]
    pieces = search_column(text, tags)
    assert f"{2**40}/{tags[-1][-12:]}" in pieces


def test_the_last_letter_of_the_longest_description_is_found(db: None) -> None:
    tags = ["t" * 64] * 50
    assert f"{2**40}/z" in search_column("y" * 9_999 + "z", tags)

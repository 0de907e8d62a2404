"""PostgreSQL and `split_words` split and clean texts alike."""

from __future__ import annotations

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
    """Every word of a text is found by a search for the text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(image_processor_search(7, %s, '', '[]')),"
            " array(SELECT '7/' || lower(word) FROM unnest(%s) AS word)",
            [text, split_words(text)],
        )
        there, searched = cursor.fetchone()
    assert set(there) == set(searched)


def test_the_longest_description_and_tags_fit(db: None) -> None:
    tags = '["' + '", "'.join(["字" * 64] * 50) + '"]'
    with connection.cursor() as cursor:
        for text in (
            "é" * 10_000,
            "é " * 5_000,
            "".join(chr(0x4E00 + n) + " " for n in range(5000)),
        ):
            cursor.execute("SELECT image_processor_search(%s, '', %s, %s)", [2**40, text, tags])
            assert cursor.fetchone()[0]

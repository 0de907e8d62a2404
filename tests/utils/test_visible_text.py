"""Names may have what people see, and the joiners that scripts and emoji need."""

import pytest

from utils.visible_text import is_blank, is_hidden

PERSIAN, HINDI, FAMILY = "می\u200cخواهم", "क्\u200dष", "👩\u200d👩\u200d👧"


@pytest.mark.parametrize("name", [PERSIAN, HINDI, FAMILY, "Zoë", "photo 1"])
def test_a_name_in_any_script_hides_nothing(name: str) -> None:
    assert not any(is_hidden(character) for character in name)
    assert not is_blank(name)


@pytest.mark.parametrize(
    "character", list("\0\n\x7f\x85\xad\u200b\u200e\u202e\u2066\u2028\ufeff"), ids=ascii
)
def test_other_invisible_characters_are_hidden(character: str) -> None:
    assert is_hidden(character)


@pytest.mark.parametrize("text", ["", " ", "\u200d", "\u200c \u200d", "\u3000\u200b"])
def test_joiners_alone_are_blank(text: str) -> None:
    assert is_blank(text)

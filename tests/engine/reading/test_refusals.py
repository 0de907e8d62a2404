"""Refusals of damaged files speak about the file, and not about the program that reads it."""

import pytest

from image_processor.engine import inspect
from image_processor.engine.errors import InvalidImage, decoder_errors
from tests.builders.optional_formats import with_optional
from tests.engine import hostile
from tests.engine.builders import LIMITS
from tests.engine.mutants import PROGRAM_TEXT
from utils.errors import DomainError


@pytest.mark.parametrize("format_name", with_optional(hostile.FORMATS))
def test_every_refusal_of_a_damaged_header_is_plain(format_name: str) -> None:
    details = []
    for data in hostile.variants(format_name):
        damaged = [data[:keep] for keep in range(12, 60)]
        damaged += [data[:at] + b"\xa5\0\xff\0" + data[at + 4 :] for at in range(8, 80, 2)]
        for file in damaged:
            try:
                inspect(file, LIMITS)
            except DomainError as error:
                details.append(error.detail)
    assert len(details) > 40
    assert [text for text in details if PROGRAM_TEXT.search(text)] == []


def test_a_header_that_no_codec_knows_is_called_so() -> None:
    data = hostile.valid("TIFF")
    with pytest.raises(InvalidImage) as caught:
        inspect(data.replace(b"\x02\x01\x03\0", b"\x02\x01\x03\x77"), LIMITS)
    assert "header" in caught.value.detail


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError("image file is truncated (3 bytes not processed)."), "truncated (3 bytes"),
        (ValueError("Truncated File Read"), "Truncated File Read"),
        (KeyError("MPO"), ""),
        (AttributeError("'NoneType' object has no attribute 'seek'"), ""),
        (OSError("cannot identify image file <_io.BytesIO object at 0x7f30f1c0>"), ""),
        (SyntaxError("not a TIFF file (header b'II' not valid)"), ""),
        (OSError("decoder error -2"), ""),
        (ValueError(), ""),
    ],
    ids=repr,
)
def test_a_decoder_s_words_are_repeated_only_if_they_are_a_sentence(
    error: Exception, words: str
) -> None:
    with pytest.raises(InvalidImage) as caught, decoder_errors("decoding"):
        raise error
    if words:
        assert words in caught.value.detail
    else:
        assert caught.value.detail == "The image is damaged: decoding failed."

"""JPEGs that were cut off, segments with wrong lengths, and kinds of JPEG that are not read."""

import re
import struct

import pytest
from PIL import ImageFile

from image_processor.engine import InvalidImage, UnsupportedFormat, inspect
from tests.engine.builders import (
    LIMITS,
    encoded,
    gradient,
    image_of,
    photo,
    run,
    step,
)

PICTURE = gradient(160, 128)
END = "The end of the JPEG file is missing."


def warnings_of(data: bytes) -> list[tuple[str, str]]:
    return [(found["code"], found["detail"]) for found in inspect(data, LIMITS).warnings]


def missing_percent(data: bytes) -> int:
    ((code, detail),) = warnings_of(data)
    assert code == "truncated"
    found = re.fullmatch(
        r"The JPEG file is cut off: about (\d+)% of its rows are missing\.", detail
    )
    assert found, detail
    return int(found[1])


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("options", [{}, {"subsampling": 0}, {"restart_marker_rows": 1}])
@pytest.mark.rule("JPEG MPO", "warned of", "A missing end, if all rows are there.")
def test_a_jpeg_that_lacks_only_its_end_is_whole(mode: str, options: dict[str, int]) -> None:
    data = encoded(gradient(160, 128, mode), "JPEG", **options)
    for cut in (data[:-1], data[:-2]):
        assert warnings_of(cut) == [("damaged_part", END)]
        result = run(cut, step("flip"), format="png")
        assert result.data == run(data, step("flip"), format="png").data
        assert [warning["detail"] for warning in result.warnings] == [END]


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize(("keep", "least", "most"), [(0.6, 35, 50), (0.9, 5, 25)])
@pytest.mark.rule(
    "JPEG MPO",
    "warned of",
    "Up to half of the rows missing; the warning tells the share, and the missing rows are gray.",
)
def test_the_share_of_missing_rows_is_told(mode: str, keep: float, least: int, most: int) -> None:
    data = encoded(gradient(160, 512, mode), "JPEG", quality=90)
    cut = data[: int(len(data) * keep)]
    assert least <= missing_percent(cut) <= most
    whole = image_of(run(data, step("crop", width=160, height=192, x=0, y=0), format="png"))
    part = image_of(run(cut, step("crop", width=160, height=192, x=0, y=0), format="png"))
    assert part.tobytes() == whole.tobytes()


def test_a_dark_or_bright_end_is_not_taken_for_missing() -> None:
    for level in ((0, 0, 0), (255, 255, 255), (128, 128, 128)):
        image = PICTURE.copy()
        image.paste(level, (0, 64, 160, 128))
        assert warnings_of(encoded(image, "JPEG")[:-2]) == [("damaged_part", END)]


@pytest.mark.rule("JPEG MPO", "refused", "Files that lack more than half of their rows.")
def test_a_jpeg_that_lacks_most_of_its_rows_is_refused() -> None:
    data = encoded(gradient(160, 512), "JPEG", quality=90)
    with pytest.raises(InvalidImage, match="rows are missing, and at most 50% may be") as caught:
        inspect(data[: len(data) // 4], LIMITS)
    assert caught.value.limit == 0.5
    assert caught.value.actual > 0.5


def test_a_jpeg_that_ends_in_its_header_is_refused() -> None:
    data = encoded(PICTURE, "JPEG")
    with pytest.raises(InvalidImage, match="ends before its pixels"):
        inspect(data[: data.index(b"\xff\xda")], LIMITS)


def test_a_huge_size_is_not_decoded_to_count_rows() -> None:
    data = bytearray(encoded(PICTURE, "JPEG")[:-2])
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 65_535, 65_535)
    with pytest.raises(InvalidImage, match="truncated"):
        inspect(bytes(data), LIMITS)


def test_a_cut_jpeg_is_read_by_every_partial_decoding() -> None:
    data = photo("rocket.jpg")
    cut = data[: int(len(data) * 0.8)]
    assert missing_percent(cut) < 50
    for steps in ([step("resize", width=40)], [step("grayscale")], [step("resize", width=500)]):
        assert run(cut, *steps, format="png").width
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def progressive_scans(data: bytes) -> list[int]:
    return [match.start() for match in re.finditer(rb"\xff\xda", data)]


@pytest.mark.rule(
    "JPEG MPO",
    "warned of",
    "Later scans of a progressive file missing, which costs fine detail only.",
)
def test_a_progressive_jpeg_without_later_scans_lacks_detail_only() -> None:
    data = encoded(PICTURE, "JPEG", progressive=True)
    scans = progressive_scans(data)
    detail = "The JPEG file is cut off: all of its rows are there, but fine detail is missing."
    for end in (scans[1] - 1, scans[1] + 5, scans[3], len(data) - 2):
        cut = data[:end]
        assert warnings_of(cut) == [("truncated", detail)]
        shown = image_of(run(cut, step("flip"), step("flip"), format="png"))
        assert shown.getpixel((150, 120)) != (128, 128, 128)


@pytest.mark.rule("JPEG MPO", "refused", "Progressive files that end in their first scan.")
def test_a_progressive_jpeg_that_ends_in_its_first_scan_is_refused() -> None:
    data = encoded(PICTURE, "JPEG", progressive=True)
    (first, *_) = progressive_scans(data)
    with pytest.raises(InvalidImage, match="before all of it is shown once"):
        inspect(data[: first + 40], LIMITS)


@pytest.mark.parametrize("marker", [0xFE, 0xE0, 0xE5, 0xEE])
@pytest.mark.parametrize("length", [0, 1])
@pytest.mark.rule(
    "JPEG MPO", "read", "Comments and application segments of a wrong length, which decoders skip."
)
def test_a_comment_or_application_segment_may_lack_its_length(marker: int, length: int) -> None:
    data = encoded(PICTURE, "JPEG")
    odd = data[:2] + bytes([0xFF, marker, 0, length]) + data[2:]
    assert warnings_of(odd) == []
    assert run(odd, step("flip"), format="png").data == run(data, step("flip"), format="png").data


def test_a_comment_may_be_longer_than_it_says() -> None:
    data = encoded(PICTURE, "JPEG", comment=b"a comment of the camera")
    at = data.index(b"\xff\xfe")
    odd = data[: at + 2] + struct.pack(">H", 12) + data[at + 4 :]
    assert run(odd, step("flip"), format="png").data == run(data, step("flip"), format="png").data


@pytest.mark.parametrize(
    ("segment", "name"),
    [(b"\xff\xe0\x00\x07JFIF\0", "APP0"), (b"\xff\xee\x00\x07Adobe", "APP14")],
)
@pytest.mark.rule(
    "JPEG MPO", "warned of", "A JFIF or Adobe segment that is too short; it is ignored."
)
def test_a_short_application_segment_is_left_out(segment: bytes, name: str) -> None:
    data = encoded(PICTURE, "JPEG")
    odd = data[:2] + segment + data[2:]
    detail = f"The JPEG segment {name} is damaged and was ignored."
    assert warnings_of(odd) == [("damaged_part", detail)]
    assert run(odd, step("flip"), format="png").data == run(data, step("flip"), format="png").data
    cut = warnings_of(data[:-200])
    assert warnings_of(odd[:-200]) == [("damaged_part", detail), *cut]


def test_a_table_without_a_length_is_refused() -> None:
    data = encoded(PICTURE, "JPEG")
    at = data.index(b"\xff\xdb")
    with pytest.raises(InvalidImage, match="without a length"):
        inspect(data[: at + 2] + b"\0\1" + data[at + 4 :], LIMITS)


@pytest.mark.parametrize(
    ("marker", "name"),
    [
        (0xC3, "Lossless JPEG"),
        (0xC5, "Hierarchical JPEG"),
        (0xCB, "Lossless JPEG"),
        (0xCF, "Hierarchical JPEG"),
        (0xF7, "JPEG-LS"),
    ],
)
@pytest.mark.rule("JPEG MPO", "refused", "Lossless and hierarchical JPEG, and JPEG-LS.")
def test_other_processes_are_refused_by_their_name(marker: int, name: str) -> None:
    data = encoded(PICTURE, "JPEG").replace(b"\xff\xc0", bytes([0xFF, marker]), 1)
    with pytest.raises(UnsupportedFormat, match=f"^{name} is not supported.$") as caught:
        inspect(data, LIMITS)
    assert caught.value.actual == name


@pytest.mark.rule("JPEG MPO", "refused", "Samples of 12 bits.")
def test_twelve_bits_are_refused_by_their_number() -> None:
    data = bytearray(encoded(PICTURE, "JPEG"))
    data[data.index(b"\xff\xc0") + 4] = 12
    with pytest.raises(UnsupportedFormat, match=r"^12-bit JPEG is not supported\.$"):
        inspect(bytes(data), LIMITS)


@pytest.mark.rule("JPEG MPO", "refused", "Other than one, three or four components.")
def test_two_components_are_refused_by_their_number() -> None:
    data = bytearray(encoded(PICTURE, "JPEG"))
    data[data.index(b"\xff\xc0") + 9] = 2
    with pytest.raises(UnsupportedFormat, match="JPEG with 2 components is not supported"):
        inspect(bytes(data), LIMITS)


def test_a_damaged_header_is_not_blamed_on_another_format() -> None:
    data = bytearray(encoded(PICTURE, "JPEG"))
    data[data.index(b"\xff\xdb") + 4] = 0x15  # a table of 16-bit values, which is too short
    with pytest.raises(InvalidImage, match="header cannot be read") as caught:
        inspect(bytes(data), LIMITS)
    assert "MPO" not in str(caught.value)

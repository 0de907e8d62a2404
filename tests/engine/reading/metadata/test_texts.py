"""Texts of EXIF in any language come out as they were, in the facts and in every format."""

import pytest
from PIL import ExifTags, Image

from image_processor.engine import inspect
from tests.engine.builders import LIMITS, encoded, gradient, opened, run, step

BASE, IFD = ExifTags.Base, ExifTags.IFD
NAME, NOTICE = "Jörg Żółw 写真家", "© 2024 Jörg – 无"
TARGETS = ["jpeg", "png", "webp", "avif", "tiff"]


def photo(
    format_name: str = "JPEG", orientation: int = 1, endian: str = ">", **texts: bytes
) -> bytes:
    """A file whose EXIF has the bytes of `texts`, which are named as the tags are."""
    exif = Image.Exif()
    exif.endian = endian
    for name, value in texts.items():
        nested = name in ("UserComment", "LensModel", "CameraOwnerName")
        directory = exif.get_ifd(IFD.Exif) if nested else exif
        directory[BASE[name]] = value
    if orientation != 1:
        exif[BASE.Orientation] = orientation
    return encoded(gradient(), format_name, exif=exif)


def raw_exif(data: bytes) -> dict[int, bytes]:
    """The texts of a file as bytes: Pillow decodes each byte as one character of Latin-1."""
    exif = opened(data).getexif()
    tags = {**dict(exif), **exif.get_ifd(IFD.Exif)}
    return {
        tag: value.encode("latin-1") if isinstance(value, str) else value
        for tag, value in tags.items()
        if isinstance(value, str | bytes)
    }


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_facts_are_read_as_utf_8(format_name: str, orientation: int) -> None:
    data = photo(format_name, orientation, Artist=NAME.encode(), LensModel="Biotar 58 µ".encode())
    facts = inspect(data, LIMITS)
    assert facts.exif == {"artist": NAME, "lens": "Biotar 58 µ"}
    assert facts.orientation == orientation


@pytest.mark.rule(
    "every",
    "kept",
    "Artist and copyright of EXIF, also by default, in UTF-8. All formats of results but GIF "
    "have them.",
)
@pytest.mark.parametrize("metadata", [None, "keep"])
@pytest.mark.parametrize("target", TARGETS)
def test_results_have_the_same_credit_in_utf_8(target: str, metadata: str | None) -> None:
    data = photo(Artist=NAME.encode(), Copyright=NOTICE.encode())
    kept = raw_exif(run(data, step("flip"), format=target, metadata=metadata).data)
    assert kept[BASE.Artist] == NAME.encode()
    assert kept[BASE.Copyright] == NOTICE.encode()


@pytest.mark.parametrize("source", ["TIFF", "AVIF"])
def test_a_turned_source_keeps_its_texts(source: str) -> None:
    data = photo(source, 6, Copyright=NOTICE.encode())
    assert raw_exif(run(data, step("flip"), format="webp").data) == {
        BASE.Copyright: NOTICE.encode()
    }


@pytest.mark.rule(
    "every",
    "converted",
    "Texts of EXIF are read as UTF-8, or as Latin-1 if they are not valid UTF-8.",
)
@pytest.mark.parametrize("target", TARGETS)
def test_latin_1_becomes_utf_8(target: str) -> None:
    data = photo(Artist="Jörg".encode("latin-1"))
    assert inspect(data, LIMITS).exif == {"artist": "Jörg"}
    assert raw_exif(run(data, step("flip"), format=target).data) == {BASE.Artist: "Jörg".encode()}


@pytest.mark.parametrize("target", ["jpeg", "tiff"])
def test_texts_of_the_nested_directory_are_kept(target: str) -> None:
    data = photo(LensModel="Télé".encode(), CameraOwnerName=NAME.encode())
    kept = raw_exif(run(data, step("flip"), format=target, metadata="keep").data)
    assert kept[BASE.LensModel] == "Télé".encode()
    assert kept[BASE.CameraOwnerName] == NAME.encode()


def test_a_long_text_is_cut_between_characters() -> None:
    data = photo("PNG", Artist=("写" * 30_000).encode())
    result = run(data, step("flip"), format="jpeg")
    assert raw_exif(result.data)[BASE.Artist] == ("写" * 1_000).encode()


def test_texts_of_windows_are_facts_where_no_other_is() -> None:
    windows = {"XPAuthor": NAME, "XPTitle": "Гора", "XPComment": "unseen"}
    texts = {name: (text + "\0").encode("utf-16-le") for name, text in windows.items()}
    assert inspect(photo(**texts), LIMITS).exif == {"artist": NAME, "description": "Гора"}
    both = photo(Artist=b"Jane", ImageDescription=b"Hill", **texts)
    assert inspect(both, LIMITS).exif == {"artist": "Jane", "description": "Hill"}


@pytest.mark.rule(
    "every",
    "kept",
    "The author that Windows writes into EXIF (XPAuthor), also by default.",
)
@pytest.mark.parametrize("target", TARGETS)
def test_the_author_of_windows_is_kept_by_default(target: str) -> None:
    author = (NAME + "\0").encode("utf-16-le")
    data = photo(XPAuthor=author, XPTitle="Гора".encode("utf-16-le"))
    assert raw_exif(run(data, step("flip"), format=target).data) == {BASE.XPAuthor: author}


@pytest.mark.rule(
    "every",
    "read",
    "UserComment of EXIF by its character code: ASCII, Unicode in either byte order, or JIS.",
)
@pytest.mark.parametrize(
    ("value", "endian", "text"),
    [
        (b"ASCII\0\0\0A hill", ">", "A hill"),
        (b"ASCII\0\0\0" + "Hügel".encode(), ">", "Hügel"),
        (b"UNICODE\0" + "Гора 山".encode("utf-16-be"), ">", "Гора 山"),
        (b"UNICODE\0" + "山山".encode("utf-16-le"), "<", "山山"),
        (b"UNICODE\0" + "A hill".encode("utf-16-le"), ">", "A hill"),
        (b"UNICODE\0" + "\ufeff山".encode("utf-16-le"), ">", "山"),
        (b"JIS\0\0\0\0\0" + "山".encode("iso2022_jp"), ">", "山"),
        (bytes(8) + "Hügel".encode(), ">", "Hügel"),
        (bytes(8) + b"\x80\x81\xff", ">", None),
        (b"UNICODE\0", ">", None),
        (b"short", ">", None),
    ],
)
def test_a_comment_names_its_character_code(value: bytes, endian: str, text: str | None) -> None:
    assert inspect(photo(UserComment=value, endian=endian), LIMITS).exif.get("description") == text


@pytest.mark.parametrize("target", ["jpeg", "tiff"])
@pytest.mark.parametrize("endian", ["<", ">"])
def test_a_comment_survives_the_change_of_byte_order(target: str, endian: str) -> None:
    code = "utf-16-le" if endian == "<" else "utf-16-be"
    data = photo(UserComment=b"UNICODE\0" + "山山".encode(code), endian=endian)
    result = run(data, step("flip"), format=target, metadata="keep")
    assert inspect(result.data, LIMITS).exif == {"description": "山山"}

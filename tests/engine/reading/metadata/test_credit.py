"""Credit in XMP and IPTC reaches every result; `keep` keeps the rest but what is private."""

import zlib
from xml.etree import ElementTree

import pytest

from image_processor.engine import Rendered
from tests.builders.optional_formats import MARKS, with_optional
from tests.engine.builders import run, step
from tests.engine.hostile import png_chunk
from tests.engine.reading.metadata.packets import NAMESPACES, iptc, iptc_of, packet, photo, xmp_of

TARGETS = ["jpeg", "png", "webp", "avif", "tiff"]

CREATOR = "<dc:creator><rdf:Seq><rdf:li>Zoë 写</rdf:li><rdf:li>Jan</rdf:li></rdf:Seq></dc:creator>"
RIGHTS = '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Zoë</rdf:li></rdf:Alt></dc:rights>'
LICENSOR = (
    '<plus:Licensor><rdf:Seq><rdf:li rdf:parseType="Resource">'
    "<plus:LicensorURL>https://example.com/buy</plus:LicensorURL>"
    "</rdf:li></rdf:Seq></plus:Licensor>"
)
SHORT = (
    'photoshop:Credit="Agency &amp; Sons" photoshop:Source="Archive" '
    'xmpRights:WebStatement="https://example.com/licence" xmpRights:Marked="True"'
)
CREDIT = {
    "dc:creator": "Zoë 写|Jan",
    "dc:rights": "© Zoë",
    "plus:Licensor": "https://example.com/buy",
    "photoshop:Credit": "Agency & Sons",
    "photoshop:Source": "Archive",
    "xmpRights:WebStatement": "https://example.com/licence",
    "xmpRights:Marked": "True",
}
OTHER = (
    "<dc:subject><rdf:Bag><rdf:li>hill</rdf:li></rdf:Bag></dc:subject>"
    '<xmp:Rating>5</xmp:Rating><tiff:Make xml:lang="en">Canon</tiff:Make>'
)
PRIVATE = (
    "<exif:GPSTimeStamp>SECRET</exif:GPSTimeStamp><exif:GPSLatitude>SECRET</exif:GPSLatitude>"
    "<drone:GpsLongtitude>SECRET</drone:GpsLongtitude>"
    "<drone:RelativeAltitude>SECRET</drone:RelativeAltitude>"
    "<aux:SerialNumber>SECRET</aux:SerialNumber><aux:LensSerialNumber>SECRET</aux:LensSerialNumber>"
    '<xmp:Thumbnails><rdf:Alt><rdf:li rdf:parseType="Resource"><xmpGImg:image>SECRET'
    "</xmpGImg:image></rdf:li></rdf:Alt></xmp:Thumbnails>"
    "<xmpMM:History>SECRET</xmpMM:History><tiff:Orientation>6</tiff:Orientation>"
    '<Iptc4xmpExt:LocationCreated rdf:parseType="Resource"><exif:GPSLatitude>SECRET'
    "</exif:GPSLatitude><Iptc4xmpExt:City>Graz</Iptc4xmpExt:City></Iptc4xmpExt:LocationCreated>"
)
PRIVATE_SHORT = 'aux:OwnerSerialNumber="SECRET" exif:GPSLongitude="SECRET" hdrgm:Version="1.0"'

FULL = packet(CREATOR + OTHER + PRIVATE + RIGHTS + LICENSOR, f"{SHORT} {PRIVATE_SHORT}")


def properties(text: str) -> dict[str, str]:
    """The properties of a packet by their usual names; the parts of a list are joined."""
    if not text:
        return {}
    names = {uri: prefix for prefix, uri in NAMESPACES.items()}
    root = ElementTree.fromstring(text)  # noqa: S314 - written by the product
    (description,) = root.iter(f"{{{NAMESPACES['rdf']}}}Description")
    found = {}
    for item in description:
        uri, local = item.tag[1:].split("}")
        texts = [part.strip() for part in item.itertext()]
        found[f"{names[uri]}:{local}"] = "|".join(part for part in texts if part)
    return found


def codes(result: Rendered) -> list[str]:
    return [warning["code"] for warning in result.warnings]


@pytest.mark.parametrize("target", with_optional(TARGETS))
def test_by_default_a_result_has_the_credit_and_no_more(target: str) -> None:
    result = run(photo(xmp=FULL), step("flip"), format=target)
    if target == "JXL":  # the codec writes packets and does not read them
        assert b"<photoshop:Credit>Agency &amp; Sons</photoshop:Credit>" in result.data
    else:
        assert properties(xmp_of(result.data)) == CREDIT
    assert result.warnings == []


@pytest.mark.rule(
    "JPEG PNG WEBP AVIF TIFF HEIC",
    "kept",
    "The credit in XMP, also by default: creator, rights, credit line, source, licensor, "
    "licence. All formats of results but GIF have it.",
)
@pytest.mark.parametrize(
    "source", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", pytest.param("HEIC", marks=MARKS)]
)
def test_the_credit_of_every_source_is_kept(source: str) -> None:
    result = run(photo(source, xmp=FULL), step("flip"), format="webp")
    assert properties(xmp_of(result.data)) == CREDIT


@pytest.mark.rule(
    "JPEG PNG WEBP AVIF TIFF HEIC",
    "kept",
    "With `metadata` `keep`, XMP without positions, serial numbers, thumbnails, versions of "
    "the document, and what describes the old pixels.",
)
@pytest.mark.parametrize("target", TARGETS)
def test_keep_leaves_out_what_is_private_at_any_depth(target: str) -> None:
    result = run(photo(xmp=FULL), step("flip"), format=target, metadata="keep")
    text = xmp_of(result.data)
    assert properties(text) == CREDIT | {
        "dc:subject": "hill",
        "xmp:Rating": "5",
        "tiff:Make": "Canon",
        "Iptc4xmpExt:LocationCreated": "Graz",
    }
    assert b"SECRET" not in result.data
    assert "Orientation" not in text


@pytest.mark.parametrize("source", ["JPEG", "TIFF"])
@pytest.mark.parametrize("target", [*TARGETS, "gif"])
def test_strip_leaves_nothing(source: str, target: str) -> None:
    data = photo(source, xmp=FULL, iim=iptc((80, b"Jane")))
    result = run(data, step("compress", quality=80), format=target, metadata="strip")
    assert xmp_of(result.data) == ""
    assert b"Jane" not in result.data


LINES = iptc(
    *((80, "Zoë".encode()), (80, b"Jan"), (110, "Żaba".encode("latin-1", "replace"))),
    *((115, b"Archive\0"), (116, "© Zoë".encode("latin-1")), (105, b"Headline")),
)


@pytest.mark.rule(
    "JPEG TIFF",
    "kept",
    "Creator, credit line, source and copyright of IPTC, also by default, as XMP.",
)
@pytest.mark.parametrize("source", ["JPEG", "TIFF"])
@pytest.mark.parametrize("target", TARGETS)
def test_credit_that_only_iptc_has_becomes_xmp(source: str, target: str) -> None:
    result = run(photo(source, iim=LINES), step("flip"), format=target)
    assert properties(xmp_of(result.data)) == {
        "dc:creator": "Zoë|Jan",
        "photoshop:Credit": "?aba",
        "photoshop:Source": "Archive",
        "dc:rights": "© Zoë",
    }
    assert iptc_of(result.data) == b""


@pytest.mark.parametrize("compressed", [False, True])
def test_xmp_behind_the_pixels_of_a_png_counts(compressed: bool) -> None:
    """ExifTool writes it there."""
    text = zlib.compress(FULL) if compressed else FULL
    chunk = png_chunk(b"iTXt", b"XML:com.adobe.xmp\0" + bytes([compressed]) + b"\0\0\0" + text)
    data = photo("PNG")
    end = data.index(b"IEND") - 4
    result = run(data[:end] + chunk + data[end:], step("flip"), format="jpeg")
    assert properties(xmp_of(result.data)) == CREDIT


def test_xmp_that_does_not_inflate_is_dropped_with_a_warning() -> None:
    chunk = png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0damaged")
    data = photo("PNG")
    end = data.index(b"IEND") - 4
    result = run(data[:end] + chunk + data[end:], step("flip"), format="jpeg")
    assert xmp_of(result.data) == ""
    assert len(codes(result)) == 1


def test_xmp_comes_before_iptc() -> None:
    result = run(photo(xmp=packet(CREATOR), iim=LINES), step("flip"), format="png")
    assert properties(xmp_of(result.data))["dc:creator"] == "Zoë 写|Jan"


@pytest.mark.rule(
    "JPEG TIFF",
    "kept",
    "With `metadata` `keep`, IPTC in results that are JPEG or TIFF.",
)
@pytest.mark.parametrize("source", ["JPEG", "TIFF"])
@pytest.mark.parametrize("target", ["jpeg", "tiff"])
def test_keep_keeps_iptc_without_previews(source: str, target: str) -> None:
    envelope = iptc((90, b"\x1b%G"), record=1)
    data = photo(source, iim=envelope + LINES + iptc((202, b"SECRET"), (188, b"SECRET")))
    result = run(data, step("flip"), format=target, metadata="keep")
    assert iptc_of(result.data) == envelope + LINES
    assert result.warnings == []


def test_the_same_source_gives_the_same_bytes() -> None:
    first, second = (run(photo(xmp=FULL, iim=LINES), metadata="keep").data for _ in range(2))
    assert first == second


ENTITY = packet(CREATOR).replace(
    b"<x:xmpmeta", b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><x:xmpmeta', 1
)
HOSTILE = {
    "document type": ENTITY,
    "not closed": packet(CREATOR)[:-60].rstrip().removesuffix(b">"),
    "no XML": b"\x00\x01 nothing",
    "no RDF": b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>",
    "unknown encoding": b"<?xml version='1.0' encoding='klingon'?>" + packet(CREATOR)[60:],
    "deep": packet("<dc:x>" * 3_000 + "</dc:x>" * 3_000),
    "many": packet("<dc:x/>" * 30_000),
    "over a megabyte": packet(f"<dc:x>{'x' * 1_100_000}</dc:x>"),
}


@pytest.mark.rule(
    "every",
    "warned of",
    "XMP that is damaged, has a document type, or has more than 1 MB or 10,000 parts. It is "
    "not kept.",
)
@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("metadata", [None, "keep"])
def test_a_packet_that_cannot_be_read_is_dropped(hostile: bytes, metadata: str | None) -> None:
    data = photo("WEBP", xmp=hostile)
    result = run(data, step("flip"), format="jpeg", metadata=metadata)
    assert codes(result) == ["metadata_cut"]
    assert xmp_of(result.data) == ""


@pytest.mark.rule(
    "every",
    "warned of",
    "With `metadata` `keep`, XMP of more than 65,504 bytes. Only the credit is kept.",
)
@pytest.mark.parametrize("target", TARGETS)
def test_a_packet_too_large_for_a_segment_leaves_the_credit(target: str) -> None:
    data = photo("WEBP", xmp=packet(CREATOR + f"<xmp:Label>{'x' * 80_000}</xmp:Label>"))
    result = run(data, step("flip"), format=target, metadata="keep")
    assert codes(result) == ["metadata_cut"]
    assert properties(xmp_of(result.data)) == {"dc:creator": "Zoë 写|Jan"}
    assert codes(run(data, step("flip"), format=target)) == []


def test_a_credit_too_large_for_a_segment_is_dropped() -> None:
    long = f"<photoshop:Credit>{'x' * 80_000}</photoshop:Credit>"
    result = run(photo("WEBP", xmp=packet(CREATOR + long)), step("flip"), format="jpeg")
    assert codes(result) == ["metadata_cut"]
    assert properties(xmp_of(result.data)) == {"dc:creator": "Zoë 写|Jan"}


def test_iptc_too_large_for_a_segment_is_dropped() -> None:
    data = photo("TIFF", iim=iptc((80, b"Jane"), *[(105, b"x" * 30_000)] * 3))
    result = run(data, step("flip"), format="jpeg", metadata="keep")
    assert codes(result) == ["metadata_cut"]
    assert iptc_of(result.data) == b""
    assert properties(xmp_of(result.data)) == {"dc:creator": "Jane"}


@pytest.mark.parametrize(
    "data", [b"\x1c\x02\x50\x80\x04\0\0\0\1J", b"\x1c\x02\x50\0\x09Jane", b"?"]
)
def test_damaged_iptc_is_no_credit(data: bytes) -> None:
    result = run(photo(iim=data), step("flip"), metadata="keep")
    assert (xmp_of(result.data), iptc_of(result.data)) == ("", b"")


def test_iptc_of_very_many_lines_is_dropped_unread() -> None:
    lines = iptc((80, b"J")) * 60_000
    result = run(photo("TIFF", iim=lines), format="png")
    assert [warning["code"] for warning in result.warnings] == ["metadata_cut"]
    assert xmp_of(result.data) == ""


def test_prefixes_of_the_source_are_replaced_by_the_usual_ones() -> None:
    """Some readers look for `dc:`, so another namespace cannot take it."""
    xmp = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:dc="http://example.com/other" dc:x="1">'
        b'<rights xmlns="http://purl.org/dc/elements/1.1/">Zo&#xEB;</rights>'
        b"</rdf:Description></rdf:RDF>"
    )
    text = xmp_of(run(photo(xmp=xmp), step("flip"), metadata="keep").data)
    assert "<dc:rights>Zoë</dc:rights>" in text
    assert 'xmlns:dc="http://purl.org/dc/elements/1.1/"' in text
    assert "http://example.com/other" in text
    ElementTree.fromstring(text)  # noqa: S314

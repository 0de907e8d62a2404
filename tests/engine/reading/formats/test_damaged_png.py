"""Damage to a PNG that leaves its pixels whole costs the damaged part only."""

import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from image_processor.engine import InvalidImage, inspect
from tests.engine import hostile
from tests.engine.builders import LIMITS, animation, encoded, gradient, image_of, opened, run, step
from tests.engine.hostile import png_chunk

PICTURE = gradient(48, 36)
STILL = "It is a still picture."


def chunks_of(data: bytes) -> list[tuple[bytes, bytes]]:
    position, found = 8, []
    while position < len(data):
        (length,) = struct.unpack_from(">I", data, position)
        kind = data[position + 4 : position + 8]
        found.append((kind, data[position + 8 : position + 8 + length]))
        position += 12 + length
    return found


def with_chunk(kind: bytes, body: bytes, *, checksum: bool = True) -> bytes:
    """A sound PNG with one more chunk right behind its header."""
    chunk = png_chunk(kind, body)
    data = encoded(PICTURE, "PNG")
    return data[:33] + (chunk if checksum else chunk[:-4] + bytes(4)) + data[33:]


def without_checksum(data: bytes, kind: bytes) -> bytes:
    """`data` with the checksum of its first chunk of a kind made wrong."""
    at = data.index(kind) - 4
    end = at + 12 + int.from_bytes(data[at : at + 4], "big")
    return data[: end - 1] + bytes([data[end - 1] ^ 1]) + data[end:]


def warned(data: bytes) -> list[str]:
    """The details of the warnings, after rendering to the right pixels."""
    facts = inspect(data, LIMITS)
    assert {warning["code"] for warning in facts.warnings} <= {"damaged_part"}
    result = run(data, step("flip"), step("flip"), format="png")
    assert image_of(result).convert("RGB").tobytes() == PICTURE.tobytes()
    details = [warning["detail"] for warning in facts.warnings]
    assert [warning["detail"] for warning in result.warnings] == details
    return details


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (b"iCCP", b"name\0\0" + zlib.compress(b"no profile")),
        (b"pHYs", struct.pack(">IIB", 3000, 3000, 1)),
        (b"tEXt", b"Author\0Jane"),
        (b"gAMA", struct.pack(">I", 100_000)),
        (b"tRNS", struct.pack(">HHH", 0, 0, 0)),
        (b"eXIf", b"MM\0*"),
        (b"prVt", b"anything"),
    ],
)
@pytest.mark.rule(
    "PNG",
    "warned of",
    "A wrong checksum of an ancillary chunk, such as iCCP, pHYs, tEXt or tRNS; the "
    "chunk is ignored.",
)
def test_an_ancillary_chunk_with_a_wrong_checksum_is_left_out(kind: bytes, body: bytes) -> None:
    name = kind.decode()
    details = warned(with_chunk(kind, body, checksum=False))
    assert details == [f"The PNG chunk {name} is damaged and was ignored."]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (b"iCCP", b"name\0\x01" + zlib.compress(b"no profile")),
        (b"iCCP", b"name\0\0no deflate"),
        (b"iCCP", b"name\0\0" + zlib.compress(bytes(5_000))[:-8]),
        (b"iCCP", b"no separator"),
        (b"zTXt", b"key\0\x07text"),
        (b"iTXt", b"key\0\1\0en\0key\0no deflate"),
        (b"tRNS", b"\0"),
        (b"gAMA", b""),
        (b"cHRM", bytes(31)),
        (b"sRGB", b""),
        (b"pHYs", bytes(8)),
    ],
)
@pytest.mark.rule(
    "PNG",
    "warned of",
    "An ancillary chunk of a wrong length, or whose compressed text or profile is "
    "damaged; the chunk is ignored.",
)
def test_an_ancillary_chunk_with_a_wrong_body_is_left_out(kind: bytes, body: bytes) -> None:
    details = warned(with_chunk(kind, body))
    assert details == [f"The PNG chunk {kind.decode()} is damaged and was ignored."]


@pytest.mark.rule(
    "PNG", "warned of", "A compressed text or profile of more than 1 MiB; it is ignored."
)
def test_a_huge_text_is_left_out() -> None:
    body = b"k\0\0" + zlib.compress(bytes(30_000_000))
    assert warned(with_chunk(b"zTXt", body)) == ["The PNG chunk zTXt is too large and was ignored."]


def test_of_repeated_colour_keys_the_first_counts() -> None:
    one, other = png_chunk(b"tRNS", bytes(6)), png_chunk(b"tRNS", b"\0\1" * 3)
    picture = encoded(Image.new("RGB", (8, 8)), "PNG")
    keyed = picture[:33] + one + other + picture[33:]
    details = [warning["detail"] for warning in inspect(keyed, LIMITS).warnings]
    assert details == ["The PNG chunk tRNS is repeated and was ignored."]
    assert opened(run(keyed, step("flip")).data).getextrema() == ((0, 0),) * 4


def test_very_many_large_texts_are_refused() -> None:
    text = png_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(1_000_000), 9))
    with pytest.raises(InvalidImage, match="more than 67108864 bytes"):
        inspect(hostile.png(8, 8, text * 70), LIMITS)


@pytest.mark.parametrize("kind", [b"IHDR", b"PLTE", b"IDAT"])
@pytest.mark.rule("PNG", "refused", "A wrong checksum of IHDR, PLTE or IDAT.")
def test_a_critical_chunk_with_a_wrong_checksum_is_refused_by_its_name(kind: bytes) -> None:
    data = encoded(gradient(mode="P"), "PNG")
    with pytest.raises(InvalidImage, match=f"the checksum of {kind.decode()} is wrong"):
        inspect(without_checksum(data, kind), LIMITS)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-12],
        lambda data: data[:-3],
        lambda data: data[:-1] + b"\0",
        lambda data: data[:-12] + bytes(30),
        lambda data: data[:-12] + png_chunk(b"tEXt", b"Author\0Jane")[:-6],
    ],
    ids=["missing", "short", "checksum", "garbage", "cut chunk"],
)
@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.rule("PNG", "warned of", "A missing or damaged end, if all pixels are there.")
def test_a_missing_end_does_not_matter(damage: Callable[[bytes], bytes], interlaced: bool) -> None:
    data = interlace(PICTURE) if interlaced else encoded(PICTURE, "PNG")
    assert warned(damage(data)) == ["The end of the PNG file is missing or damaged."]


def interlace(image: Image.Image) -> bytes:
    """An RGB PNG in the seven passes of Adam7."""
    rows = b""
    for left, top, across, down in [
        *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
        *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
    ]:
        for y in range(top, image.height, down):
            line = [image.getpixel((x, y)) for x in range(left, image.width, across)]
            rows += b"\0" + b"".join(bytes(pixel) for pixel in line)  # type: ignore[arg-type]
    header = struct.pack(">IIBBBBB", *image.size, 8, 2, 0, 0, 1)
    body = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + body + png_chunk(b"IEND", b"")


def test_bytes_behind_the_end_do_not_matter() -> None:
    assert warned(encoded(PICTURE, "PNG") + bytes(1000)) == []


@pytest.mark.rule("PNG", "refused", "Files that lack pixels.")
def test_missing_pixels_are_refused_with_their_share() -> None:
    (header, pixels, _) = chunks_of(encoded(PICTURE, "PNG", compress_level=0))
    half = png_chunk(b"IDAT", pixels[1][: len(pixels[1]) // 2])
    data = b"\x89PNG\r\n\x1a\n" + png_chunk(*header) + half
    with pytest.raises(InvalidImage, match="about 50% of its pixels are missing"):
        inspect(data, LIMITS)


def frames_of(count: int) -> bytes:
    """An animation whose first frame is `PICTURE`."""
    rest = [PICTURE.rotate(90 * number) for number in range(1, count)]
    return encoded(PICTURE, "PNG", save_all=True, append_images=rest, duration=100)


def announce(data: bytes, frames: int) -> bytes:
    at = data.index(b"acTL")
    body = struct.pack(">II", frames, 0)
    return data[: at - 4] + png_chunk(b"acTL", body) + data[at + 16 :]


def change_frame(data: bytes, at: int, value: bytes) -> bytes:
    """`data` with `value` in the header of its second frame, at byte `at` of the body."""
    place = data.index(b"fcTL", data.index(b"fcTL") + 4)
    body = bytearray(data[place + 4 : place + 30])
    body[at : at + len(value)] = value
    return data[: place - 4] + png_chunk(b"fcTL", bytes(body)) + data[place + 34 :]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: announce(data, 4), "it announces 4 frames and has 3"),
        (lambda data: announce(data, 2), "it announces 2 frames and has 3"),
        (lambda data: announce(data, 0), "it announces 0 frames and has 3"),
        (lambda data: without_checksum(data, b"fdAT"), "the checksum of fdAT is wrong"),
        (lambda data: without_checksum(data, b"acTL"), "the checksum of acTL is wrong"),
        (lambda data: change_frame(data, 0, b"\0\0\0\7"), "its frames are not in order"),
        (lambda data: change_frame(data, 4, bytes(4)), "a frame has no size"),
        (
            lambda data: change_frame(data, 4, (60_000).to_bytes(4, "big")),
            "a frame reaches 60000x36 pixels, outside its 48x36",
        ),
    ],
)
@pytest.mark.rule(
    "PNG",
    "warned of",
    "A damaged animation, such as a wrong number of frames; it is read as a still picture.",
)
def test_a_damaged_animation_is_a_still_picture(
    damage: Callable[[bytes], bytes], reason: str
) -> None:
    data = damage(frames_of(3))
    assert warned(data) == [f"The animation of the PNG file is damaged: {reason}. {STILL}"]
    facts = inspect(data, LIMITS)
    assert (facts.frames, facts.has_alpha) == (1, False)


def test_an_animation_that_is_cut_off_is_a_still_picture() -> None:
    data = frames_of(3)
    first, second = warned(data[:-40])
    assert STILL in first
    assert second == "The end of the PNG file is missing or damaged."


def test_an_animation_without_its_end_is_played() -> None:
    data = animation("PNG", 3)[:-12]
    assert inspect(data, LIMITS).frames == 3
    assert run(data, step("flip"), format="gif").frames == 3


def test_the_damaged_parts_reach_no_codec() -> None:
    data = with_chunk(b"pHYs", struct.pack(">IIB", 3000, 3000, 1), checksum=False)
    result = run(data, step("flip"), format="png", metadata="keep")
    assert "dpi" not in opened(result.data).info

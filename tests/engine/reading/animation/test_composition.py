"""Each frame of a GIF or an animated PNG is drawn as browsers draw it."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator

import numpy as np
import pytest

from image_processor.engine import inspect
from tests.engine.builders import LIMITS, frames_of, image_of, run, step
from tests.engine.files.animated import (
    CLEAR,
    KEEP,
    NOTHING,
    RESTORE,
    Part,
    apng,
    gif,
    plain,
    webp,
)
from tests.engine.hostile import png_chunk

SIZE = (8, 6)
RED, GREEN, BLUE = (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255)


def expected(size: tuple[int, int], parts: list[Part]) -> Iterator[np.ndarray]:
    """Premultiplied pixels of each whole picture, by the words of the specification."""
    canvas = np.zeros((size[1], size[0], 4))
    for part in parts:
        before = canvas.copy()
        height, width = part.pixels.shape[:2]
        place = np.s_[part.top : part.top + height, part.left : part.left + width]
        drawn = part.pixels / 255.0
        drawn[..., :3] *= drawn[..., 3:]
        drawn = drawn[: canvas[place].shape[0], : canvas[place].shape[1]]
        canvas[place] = drawn + canvas[place] * (1 - drawn[..., 3:]) if part.over else drawn
        yield canvas.copy()
        if part.disposal == CLEAR:
            canvas[place] = 0
        elif part.disposal == RESTORE:
            canvas = before


def random_parts(seed: int, size: tuple[int, int], *, soft: bool) -> list[Part]:
    chance = random.Random(seed)
    parts = []
    for _ in range(chance.randint(2, 6)):
        width, height = chance.randint(1, size[0]), chance.randint(1, size[1])
        left, top = chance.randint(0, size[0] - width), chance.randint(0, size[1] - height)
        colour = tuple(chance.choice((0, 80, 255)) for _ in range(3))
        pixels = plain((*colour, chance.choice((255, 128, 30)) if soft else 255), (width, height))
        hole = np.s_[: height // 2 + 1, : width // 2 + 1]
        if chance.random() < 0.6:
            pixels[hole] = (10, 200, 90, chance.choice((0, 60, 200))) if soft else NOTHING
        disposal = chance.choice((KEEP, CLEAR, RESTORE))
        over = not soft or chance.random() < 0.6
        parts.append(Part(pixels, left, top, disposal, over, delay=chance.randint(2, 30)))
    return parts


@pytest.mark.rule(
    "GIF",
    "read",
    "Frames are drawn over each other. Disposal 2 clears to transparent, disposal 3 undoes the "
    "frame. The background colour is ignored.",
)
@pytest.mark.rule(
    "PNG",
    "read",
    "Animations with all blendings and disposals. The picture for viewers that do not animate is "
    "not shown.",
)
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("name", ["gif", "apng"])
def test_random_animations_are_composed_by_the_specification(name: str, seed: int) -> None:
    chance = random.Random(seed)
    size = chance.randint(3, 14), chance.randint(3, 10)
    parts = random_parts(seed, size, soft=name == "apng")
    if name == "gif":
        data = gif(size, parts)
    else:
        data = apng(size, parts, hidden=plain((1, 2, 3, 255), size))
    result = run(data, step("flip"), format="webp", lossless=True)
    pictures = list(expected(size, parts))
    if all(picture[..., 3].min() == 1 for picture in pictures):
        assert not result.has_alpha
    shown = [(image, time) for image, time in frames_of(result.data) for _ in range(time // 10)]
    wanted = [
        picture for picture, part in zip(pictures, parts, strict=True) for _ in range(part.delay)
    ]
    assert len(shown) == len(wanted)
    for (image, _), picture in zip(shown, wanted, strict=True):
        pixels = np.asarray(image) / 255.0
        pixels[..., :3] *= pixels[..., 3:]
        assert np.abs(pixels - picture[::-1]).max() < 2.5 / 255


def still(data: bytes) -> np.ndarray:
    return np.asarray(image_of(run(data, step("flip"), step("flip"), format="png")).convert("RGBA"))


@pytest.mark.rule(
    "GIF PNG",
    "read",
    "What the first frame does not cover is clear, also where only the first frame is used.",
)
@pytest.mark.parametrize("frames", [1, 2])
def test_a_first_frame_smaller_than_the_canvas_leaves_the_rest_clear(frames: int) -> None:
    parts = [Part(plain(RED, (3, 2)), 1, 1), Part(plain(GREEN, (2, 2)))][:frames]
    for data in (gif(SIZE, parts), apng(SIZE, parts, hidden=plain(BLUE, SIZE))):
        assert inspect(data, LIMITS).has_alpha
        first = image_of(run(data, step("flip"), step("flip"), format="tiff")).convert("RGBA")
        assert first.getpixel((0, 0))[3] == 0
        assert first.getpixel((2, 2)) == RED
        flat = image_of(run(data, step("flip"), step("flip"), format="jpeg", background="#00f"))
        assert flat.getpixel((7, 5)) == pytest.approx(BLUE[:3], abs=6)


def test_an_animation_that_is_always_covered_has_no_alpha() -> None:
    parts = [Part(plain(RED, SIZE)), Part(plain(GREEN, (2, 2)), disposal=RESTORE)]
    assert not inspect(gif(SIZE, [*parts, Part(plain(BLUE, (1, 1)))]), LIMITS).has_alpha
    assert inspect(gif(SIZE, [*parts[::-1], parts[0]]), LIMITS).has_alpha


@pytest.mark.rule(
    "GIF", "read", "The canvas grows to hold the first frame. Later frames are cut to it."
)
def test_the_canvas_of_a_gif_holds_its_first_frame_and_cuts_the_others() -> None:
    parts = [Part(plain(RED, (4, 4)), 6, 4), Part(plain(GREEN, (9, 9)), 7, 5, CLEAR)]
    parts.append(Part(plain(BLUE, (3, 3)), 20, 20))
    data = gif(SIZE, parts)
    facts = inspect(data, LIMITS)
    assert (facts.width, facts.height) == (10, 8)
    second, third = (image for image, _ in frames_of(run(data, step("flip")).data)[1:])
    assert (second.getpixel((9, 0)), second.getpixel((6, 0))) == (GREEN, RED)
    assert (third.getpixel((9, 0))[3], third.getpixel((6, 0))) == (0, RED)


@pytest.mark.rule("GIF", "read", "A frame without pixels shows the frames before it for its time.")
def test_a_frame_without_pixels_keeps_its_time() -> None:
    parts = [Part(plain(RED, SIZE)), Part(plain(GREEN, (0, 3)), delay=7), Part(plain(BLUE, SIZE))]
    frames = frames_of(run(gif(SIZE, parts), step("flip")).data)
    assert [(image.getpixel((0, 0)), time) for image, time in frames] == [(RED, 170), (BLUE, 100)]


@pytest.mark.rule("GIF", "read", "The undefined disposal 4 is taken for 3.")
def test_disposal_4_of_a_gif_undoes_the_frame() -> None:
    parts = [Part(plain(RED, SIZE)), Part(plain(GREEN, SIZE)), Part(plain(BLUE, (2, 2)))]
    data = bytearray(gif(SIZE, parts))
    second = data.index(b"\x21\xf9\x04", data.index(b"\x21\xf9\x04") + 1)
    data[second + 3] = 4 << 2
    third, _ = frames_of(run(bytes(data), step("flip")).data)[2]
    assert third.getpixel((0, 0)) == RED


@pytest.mark.rule("GIF", "converted", "Colours outside of the colour table become black.")
def test_colours_outside_of_the_table_of_a_gif_are_black() -> None:
    data = bytearray(gif((2, 1), [Part(np.array([[RED, GREEN]], dtype=np.uint8))]))
    table = data.index(b"\x2c") + 10
    assert data[table - 1] == 0x81
    data[table - 1] = 0x80
    del data[table + 6 : table + 12]
    data[table : table + 6] = bytes([9, 9, 9, 255, 0, 0])
    packed = data.index(b"\x02", table + 6)
    data[packed:] = b"\x02\x02" + (4 | 1 << 3 | 3 << 6 | 5 << 9).to_bytes(2, "little") + b"\0;"
    assert still(bytes(data))[0].tolist() == [[255, 0, 0, 255], [0, 0, 0, 255]]


def test_colours_in_later_frames_of_a_gif_stay_after_a_gray_first_frame() -> None:
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    gray = np.dstack([ramp[None], np.full((1, 256, 1), 255, dtype=np.uint8)])
    data = gif((256, 1), [Part(gray), Part(plain(RED, (1, 1)))])
    assert inspect(data, LIMITS).mode == "P"
    frames = frames_of(run(data, step("flip")).data)
    assert frames[1][0].getpixel((0, 0)) == RED
    assert inspect(gif((256, 1), [Part(gray), Part(gray[:, ::-1])]), LIMITS).mode == "L"


def test_gray_frames_of_a_png_are_composed_in_gray() -> None:
    header = struct.pack(">IIBBBBB", 4, 1, 8, 0, 0, 0, 0)
    rows = [bytes([0, 40, 80, 120, 160]), bytes([0, 7, 200])]
    control = struct.pack(">5IHHBB", 0, 4, 1, 0, 0, 1, 10, 0, 0)
    later = struct.pack(">5IHHBB", 1, 2, 1, 1, 0, 1, 10, 0, 1)
    chunks = (
        png_chunk(b"IHDR", header),
        png_chunk(b"acTL", struct.pack(">II", 2, 0)),
        png_chunk(b"tRNS", struct.pack(">H", 7)),
        png_chunk(b"fcTL", control),
        png_chunk(b"IDAT", zlib.compress(rows[0])),
        png_chunk(b"fcTL", later),
        png_chunk(b"fdAT", struct.pack(">I", 2) + zlib.compress(rows[1])),
        png_chunk(b"IEND", b""),
    )
    result = run(b"\x89PNG\r\n\x1a\n" + b"".join(chunks), step("flip"), format="png")
    assert result.mode == "LA"
    frames = [np.asarray(image)[0, :, 0].tolist() for image, _ in frames_of(result.data)]
    assert frames == [[40, 80, 120, 160], [40, 80, 200, 160]]


@pytest.mark.rule(
    "WEBP",
    "read",
    "Parts of an animation that no frame covers are clear, with or without the flag for alpha.",
)
@pytest.mark.parametrize("flags", [0, 0x10])
def test_the_canvas_of_a_webp_is_clear_without_its_flag_for_alpha(flags: int) -> None:
    small = webp(SIZE, [Part(plain(RED, (4, 4)), 2, 2)] * 2, flags)
    parts = [Part(plain(RED, SIZE)), Part(plain(GREEN, (2, 2)), disposal=CLEAR)]
    cleared = webp(SIZE, [*parts, Part(plain(BLUE, (2, 2)), 4, 4)], flags)
    for data, index in ((small, 0), (cleared, 2)):
        assert inspect(data, LIMITS).has_alpha
        image, _ = frames_of(run(data, step("flip"), format="webp", lossless=True).data)[index]
        assert image.getpixel((0, 5))[3] == 0
        assert image.getpixel((3, 2)) == RED


def test_an_animated_webp_that_is_always_covered_has_no_alpha() -> None:
    parts = [Part(plain(RED, SIZE)), Part(plain(GREEN, (2, 2)))]
    assert not inspect(webp(SIZE, parts, 0), LIMITS).has_alpha

"""Animations keep their number of plays; a GIF stores it as repetitions."""

from io import BytesIO

import pytest
from PIL import Image

from tests.engine.builders import encoded, run, step

FRAMES = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green")]


def source(format_name: str, loop: int | None) -> bytes:
    said = {} if loop is None else {"loop": loop}
    return encoded(
        FRAMES[0], format_name, save_all=True, append_images=FRAMES[1:], duration=70, **said
    )


def written(data: bytes, target: str) -> int | None:
    result = run(data, step("flip"), format=target)
    loop = Image.open(BytesIO(result.data)).info.get("loop")
    assert loop is None or isinstance(loop, int)
    return loop


@pytest.mark.parametrize(
    ("name", "loop", "gif", "plays"),
    [
        ("GIF", None, None, 1),
        ("GIF", 0, 0, 0),
        ("GIF", 1, 1, 2),
        ("GIF", 3, 3, 4),
        ("GIF", 65_535, 0, 0),  # one more than a WebP can count
        ("WEBP", 0, 0, 0),
        ("WEBP", 1, None, 1),
        ("WEBP", 2, 1, 2),
        ("WEBP", 65_535, 65_534, 65_535),
        ("PNG", 0, 0, 0),
        ("PNG", 1, None, 1),
        ("PNG", 5, 4, 5),
        ("PNG", 70_000, 0, 0),
    ],
)
def test_the_number_of_plays_is_kept(
    name: str, loop: int | None, gif: int | None, plays: int
) -> None:
    data = source(name, loop)
    assert written(data, "gif") == gif
    assert written(data, "webp") == plays
    assert written(data, "png") == plays

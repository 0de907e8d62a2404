"""Animations stay animated where the output format can, and say so where it cannot."""

import struct
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from image_processor.engine import InvalidImage, Limits, Pipeline, TooMuchMemory, inspect, plan
from tests.engine import hostile
from tests.engine.builders import LIMITS, animation, encoded, frames_of, image_of, opened, run, step


def square_left(image: Image.Image) -> int:
    """The left edge of the yellow square."""
    red = np.asarray(image.convert("RGB"))[10, :, 0]
    return int(np.argmax(red > 150))


@pytest.mark.rule(
    "GIF PNG WEBP AVIF", "kept", "The animation, in results that are GIF, PNG or WebP."
)
@pytest.mark.parametrize("target", ["GIF", "WEBP", "PNG"])
@pytest.mark.parametrize("source", ["GIF", "WEBP", "PNG", "AVIF"])
def test_frames_times_and_motion_are_kept(source: str, target: str) -> None:
    result = run(animation(source, 3), step("resize", width=80, height=60), format=target)
    assert (result.frames, result.format, result.warnings) == (3, target, [])
    frames = frames_of(result.data)
    assert [frame.size for frame, _ in frames] == [(80, 60)] * 3
    assert [duration for _, duration in frames] == [80, 90, 100]
    assert [square_left(frame) for frame, _ in frames] == pytest.approx([0, 16, 32], abs=2)
    assert Image.open(BytesIO(result.data)).info.get("loop") == 0


@pytest.mark.rule(
    "GIF PNG WEBP AVIF",
    "warned of",
    "Results of other formats than GIF, PNG and WebP have the first frame only.",
)
@pytest.mark.parametrize("target", ["JPEG", "TIFF", "AVIF"])
def test_other_formats_keep_the_first_frame_with_a_warning(target: str) -> None:
    result = run(animation("GIF", 3), step("flip"), format=target)
    assert result.frames == 1
    assert [warning["code"] for warning in result.warnings] == ["first_frame_only"]
    assert square_left(image_of(result)) == 0


def test_every_frame_goes_through_the_steps() -> None:
    result = run(animation("WEBP", 3), step("mirror"), step("grayscale"), format="gif")
    lefts = [square_left(frame) for frame, _ in frames_of(result.data)]
    assert lefts == pytest.approx([30, 22, 14], abs=1)


def test_transparent_parts_of_an_animation_stay_transparent() -> None:
    frames = []
    for index in range(3):
        frame = Image.new("RGBA", (40, 30), (0, 0, 0, 0))
        frame.paste((200, 30, 30, 255), (index * 10, 0, index * 10 + 10, 30))
        frame.paste((0, 0, 0, 0), (index * 10 + 2, 2, index * 10 + 4, 4))
        frames.append(frame)
    data = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:], duration=100)
    for target in ("gif", "webp", "png"):
        written = frames_of(run(data, step("flip"), format=target).data)
        for index, (frame, _) in enumerate(written):
            alpha = frame.getchannel("A")
            assert alpha.getpixel((index * 10 + 5, 15)) == 255
            assert alpha.getpixel(((index * 10 + 25) % 40, 15)) == 0


def test_the_default_picture_of_a_png_is_not_a_frame() -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    data = encoded(
        frames[0], "PNG", save_all=True, append_images=frames[1:], default_image=True, duration=70
    )
    assert inspect(data, LIMITS).frames == 2
    written = frames_of(run(data, step("flip"), format="webp", lossless=True).data)
    assert [frame.getpixel((5, 5)) for frame, _ in written] == [(0, 128, 0, 255), (0, 0, 255, 255)]


def test_a_loop_count_is_kept() -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=70, loop=3)
    assert opened(run(data, step("flip")).data).info["loop"] == 3


@pytest.mark.rule(
    "GIF",
    "refused",
    "A frame with more than 2 million pixels and 8 times the pixels of its canvas.",
)
def test_frames_much_larger_than_the_canvas_are_refused() -> None:
    data = bytearray(hostile.gif(20, 20, 3))
    second = data.index(b"\x2c", data.index(b"\x2c") + 1)
    data[second + 5 : second + 9] = (30).to_bytes(2, "little") * 2
    facts = inspect(bytes(data), LIMITS)
    assert (facts.width, facts.height) == (20, 20)
    data[second + 5 : second + 9] = struct.pack("<HH", 2000, 1001)
    with pytest.raises(InvalidImage, match="2000x1001 pixels, more than 2000000 on"):
        inspect(bytes(data), LIMITS)


def test_the_memory_of_all_written_frames_is_counted() -> None:
    facts = inspect(animation("GIF", 30), LIMITS)
    pipeline = Pipeline.parse([step("resize", width=4000, height=3000)])
    with pytest.raises(TooMuchMemory) as caught:
        plan(facts, pipeline, Limits(max_memory_bytes=2**30))
    assert caught.value.actual > 30 * 4000 * 3000 * 4
    assert plan(facts, Pipeline.parse([step("resize", width=400)]), LIMITS).frames == 30

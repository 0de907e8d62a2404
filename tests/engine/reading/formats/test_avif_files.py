"""AVIF files of other encoders than the one that reads them."""

from collections.abc import Callable

import pytest
from PIL import Image, UnidentifiedImageError

from image_processor.engine import InvalidImage, inspect
from tests.engine.builders import LIMITS, encoded, gradient, image_of, opened, run, step
from tests.engine.files.avif import box, boxes, with_pixels_in_idat, with_split_associations


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("write", [with_pixels_in_idat, with_split_associations])
@pytest.mark.rule(
    "AVIF",
    "read",
    "Several boxes of item properties, as some encoders write them, and pixels "
    "within the metadata.",
)
def test_the_picture_is_that_of_the_usual_file(
    write: Callable[[Image.Image], bytes], mode: str
) -> None:
    image = gradient(48, 36, mode)
    usual, other = encoded(image, "AVIF"), write(image)
    facts = inspect(other, LIMITS)
    assert (facts.width, facts.height, facts.frames) == (48, 36, 1)
    assert (facts.has_alpha, facts.warnings) == (mode == "RGBA", [])
    shown = image_of(run(other, step("flip"), format="png"))
    assert shown.tobytes() == image_of(run(usual, step("flip"), format="png")).tobytes()


def test_the_codec_alone_refuses_split_associations() -> None:
    with pytest.raises(UnidentifiedImageError):
        opened(with_split_associations(gradient(48, 36, "RGBA")))


@pytest.mark.parametrize("missing", [b"meta", b"mdat"])
def test_a_file_without_metadata_or_pixels_is_refused(missing: bytes) -> None:
    file = boxes(encoded(gradient(48, 36), "AVIF"))
    data = b"".join(box(*part) for part in file if part[0] != missing)
    with pytest.raises(InvalidImage, match="contains no image"):
        inspect(data, LIMITS)


def test_a_box_beyond_the_end_is_named_plainly() -> None:
    with pytest.raises(InvalidImage, match="an AVIF box mdat needs"):
        inspect(encoded(gradient(48, 36), "AVIF")[:-20], LIMITS)


def test_endless_boxes_are_refused() -> None:
    data = encoded(gradient(48, 36), "AVIF")
    with pytest.raises(InvalidImage, match="more than 10000 boxes"):
        inspect(data + box(b"free", b"") * 500_000, LIMITS)


def test_associations_beyond_their_box_are_refused() -> None:
    data = bytearray(with_split_associations(gradient(48, 36, "RGBA")))
    data[data.index(b"ipma") + 14] = 200
    with pytest.raises(InvalidImage):
        inspect(bytes(data), LIMITS)

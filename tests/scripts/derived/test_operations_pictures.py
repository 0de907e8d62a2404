"""The pictures of the reference: one for each operation, small, and noticed when they are wrong."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from image_processor.engine import Pipeline
from image_processor.engine.operations import BY_NAME, OPERATIONS
from scripts.derived import operations_page, operations_pictures
from scripts.derived.operations_pictures import (
    MAX_BYTES,
    SHOWCASES,
    before_and_after,
    path_of,
    picture,
)

MOST_IN_ALL = 600_000


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A checkout with all pictures."""
    for name, data in operations_pictures.stale(tmp_path).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


def test_there_is_one_for_each_operation_and_they_are_small(written: Path) -> None:
    sizes = {path.stem: path.stat().st_size for path in (written / path_of("x")).parent.iterdir()}
    assert sizes.keys() == BY_NAME.keys()
    assert max(sizes.values()) <= MAX_BYTES
    assert sum(sizes.values()) <= MOST_IN_ALL
    assert operations_pictures.stale(written) == {}
    assert operations_pictures.leftovers(written) == []


def test_another_build_of_the_codec_is_no_other_picture(written: Path) -> None:
    path = written / path_of("rotate")
    image = Image.open(path)
    image.load()
    image.save(path, "JPEG", quality=72)
    assert operations_pictures.stale(written) == {}


def test_missing_wrong_and_broken_pictures_are_found(written: Path) -> None:
    (written / path_of("crop")).unlink()
    (written / path_of("flip")).write_bytes(picture("mirror"))
    sepia = Image.open(io.BytesIO(picture("sepia")))
    ImageOps.grayscale(sepia).convert("RGB").save(written / path_of("sepia"), "JPEG", quality=60)
    (written / path_of("blur")).write_bytes(picture("blur") + bytes(MAX_BYTES))
    (written / path_of("unknown")).write_bytes(b"")
    found = operations_pictures.stale(written)
    assert found.keys() == {path_of(name) for name in ("crop", "flip", "sepia", "blur")}
    assert found[path_of("flip")] == picture("flip")
    assert operations_pictures.leftovers(written) == [path_of("unknown")]


@pytest.fixture(scope="module")
def page() -> str:
    return operations_page.text()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_the_page_shows_it_with_its_parameters(page: str, operation: type) -> None:
    name = operation.name  # type: ignore[attr-defined]
    section = page.split(f"\n### {name}\n")[1].split("\n### ")[0]
    assert f"](images/operations/{name}.jpg)" in section
    showcase = SHOWCASES.get(name)
    assert ("The picture: `" in section) == bool(showcase)
    if showcase:
        Pipeline.parse([{"operation": name, "params": showcase}])


@pytest.mark.parametrize("name", BY_NAME)
def test_the_picture_shows_a_change(name: str) -> None:
    """Another size, or one level of a channel at least on the average."""
    before, after = before_and_after(name)
    assert before.size != after.size or most_off(before, after) > 1


def most_off(before: Image.Image, after: Image.Image) -> float:
    """The mean difference of the channel that differs most, in levels."""
    channels = zip(before.convert("RGBA").split(), after.split(), strict=True)
    return max(ImageStat.Stat(ImageChops.difference(*pair)).mean[0] for pair in channels)

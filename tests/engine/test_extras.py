"""HEIC and JPEG XL: listed where their packages can be imported, and nowhere else."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from image_processor.engine import InvalidImage, TooManyPixels, UnsupportedFormat
from image_processor.engine.extras import EXTRAS
from image_processor.engine.integrity.jxl import check_jxl
from tests.engine.builders import LIMITS, facts_of, image_of, photo, run, step

ROOT = Path(__file__).parents[2]
PACKAGES = {"pillow_heif": "pillow-heif", "pillow_jxl": "pillow-jxl-plugin"}

REPORT = """
import json, sys
sys.modules.update(dict.fromkeys({hidden}))
from image_processor.engine import Limits, Pipeline, engine_version
from image_processor.engine.formats import OUTPUT_FORMATS
from image_processor.engine.signature import foreign_format, known_format
from utils.errors import DomainError
asked = {{}}
for name in ("heic", "heif", "jxl"):
    try:
        asked[name] = Pipeline.parse([{{"operation": "flip"}}], format=name).output.format
    except DomainError as error:
        asked[name] = error.errors[0].code
print(json.dumps({{
    "out": list(OUTPUT_FORMATS),
    "in": list(Limits().formats),
    "asked": asked,
    "heic file": known_format(b"\\0\\0\\0\\x18ftypheic" + bytes(20)),
    "version": engine_version(),
}}))
"""


def report(folder: Path, *hidden: str) -> dict[str, Any]:
    """What a process says that has stand-ins for the packages, but for those hidden from it."""
    for module, package in PACKAGES.items():
        (folder / f"{module}.py").write_text("def register_heif_opener(): pass\n")
        info = folder / f"{package.replace('-', '_')}-9.9.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 9.9\n")
    done = subprocess.run(
        [sys.executable, "-c", REPORT.format(hidden=list(hidden))],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        check=True,
        text=True,
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_without_the_packages_the_formats_do_not_exist(tmp_path: Path) -> None:
    said = report(tmp_path, *PACKAGES)
    assert not {"HEIC", "JXL"} & {*said["out"], *said["in"]}
    assert set(said["asked"].values()) == {"unknown_format"}
    assert said["heic file"] is None
    assert "pillow-heif" not in said["version"]


def test_with_the_packages_they_are_listed(tmp_path: Path) -> None:
    said = report(tmp_path)
    assert said["out"][-2:] == said["in"][-2:] == ["HEIC", "JXL"]
    assert said["asked"] == {"heic": "HEIC", "heif": "HEIC", "jxl": "JXL"}
    assert said["heic file"] == "HEIC"
    assert "pillow-heif-9.9" in said["version"]
    assert "pillow-jxl-plugin-9.9" in said["version"]


def test_each_counts_by_itself(tmp_path: Path) -> None:
    said = report(tmp_path, "pillow_heif")
    assert said["out"][-1] == "JXL"
    assert said["asked"]["heic"] == "unknown_format"


@pytest.mark.parametrize("name", ["HEIC", "JXL"])
def test_a_file_there_and_back(name: str) -> None:
    if name not in EXTRAS:
        pytest.skip("needs the optional package")
    for source, mode in (("rocket.jpg", "RGB"), ("horse.png", "RGBA")):
        written = run(photo(source), step("resize", width=120), format=name.lower(), quality="auto")
        assert (written.format, written.encodes <= 6) == (name, True)
        facts = facts_of(written.data)
        assert (facts.format, facts.width, facts.mode) == (name, 120, mode)
        assert image_of(run(written.data, step("flip"), format="png")).size[0] == 120
        for length in (40, len(written.data) // 2, len(written.data) - 1):
            with pytest.raises(InvalidImage):
                run(written.data[:length], step("flip"), format="png")


@pytest.mark.parametrize("name", ["HEIC", "JXL"])
@pytest.mark.parametrize("quality", [1, 50, 99, 100])
def test_every_quality_is_written(name: str, quality: int) -> None:
    if name not in EXTRAS:
        pytest.skip("needs the optional package")
    for source in ("rocket.jpg", "horse.png"):
        result = run(photo(source), step("resize", width=120), format=name.lower(), quality=quality)
        assert image_of(result).size[0] == 120
        assert result.quality == quality


@pytest.mark.skipif("HEIC" in EXTRAS, reason="it is supported here")
def test_a_heic_file_is_named_when_it_is_refused() -> None:
    with pytest.raises(UnsupportedFormat, match="HEIC"):
        facts_of(b"\0\0\0\x18ftypheic" + bytes(40))


# Heads of files that cjxl's library wrote: small sides, a ratio, sides with a number each.
JXL_HEADS = {
    (8, 8): b"\xff\x0a\x41" + bytes(9),
    (16, 8): b"\xff\x0a\xc1\x01" + bytes(8),
}


@pytest.mark.parametrize(("size", "head"), JXL_HEADS.items())
def test_the_size_of_a_jpeg_xl_is_read_before_it_is_decoded(
    size: tuple[int, int], head: bytes
) -> None:
    for data in (head, in_boxes(head)):
        found = check_jxl(data)
        assert (found.width, found.height) == size


def announcing(width: int, height: int) -> bytes:
    """The size header of ISO/IEC 18181-1, written with 30 bits a side."""
    bits = (3 << 1) | (height - 1) << 3
    bits |= 0 << 33  # no ratio
    bits |= 3 << 36 | (width - 1) << 38
    return b"\xff\x0a" + bits.to_bytes(9, "little") + bytes(8)


def in_boxes(codestream: bytes) -> bytes:
    box = (len(codestream) + 8).to_bytes(4, "big") + b"jxlc" + codestream
    return b"\x00\x00\x00\x0cJXL \r\n\x87\n" + b"\x00\x00\x00\x0cftypjxl " + box


def test_any_size_is_read() -> None:
    for size in ((1, 1), (70_000, 3), (2**30, 2**30), (640, 481)):
        found = check_jxl(announcing(*size))
        assert (found.width, found.height) == size


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\x0a",
        b"\x00\x00\x00\x0cJXL \r\n\x87\n",
        in_boxes(b"\xff\x0a\x41\0\0")[:-2],
        in_boxes(b"xxxxxxx"),
        b"\x00\x00\x00\x0cJXL \r\n\x87\n\0\0\0\x02jxlc",
    ],
)
def test_a_broken_jpeg_xl_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidImage):
        check_jxl(data)


@pytest.mark.skipif("JXL" not in EXTRAS, reason="needs the optional package")
def test_a_jpeg_xl_that_announces_too_much_is_not_decoded() -> None:
    with pytest.raises(TooManyPixels) as caught:
        facts_of(announcing(9_000, 9_000))
    assert caught.value.limit == LIMITS.max_pixels

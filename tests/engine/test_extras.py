"""HEIC and JPEG XL: available if their packages can be imported, and only then."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from packaging.requirements import Requirement

from image_processor.engine import InvalidImage, TooManyPixels
from image_processor.engine.optional_formats import EXTRAS
from image_processor.engine.reading.formats.jxl import check_jxl
from tests.builders import optional_formats
from tests.engine import trials
from tests.engine.builders import LIMITS, facts_of, image_of, photo, run, step

ROOT = Path(__file__).parents[2]
PINS = ROOT / "requirements-formats.txt"
PACKAGES = {"HEIC": "pillow_heif", "JXL": "pillow_jxl"}

REPORT = """
import json, sys
sys.modules.update(dict.fromkeys({hidden}))  # None: not importable
from image_processor.engine import (
    Limits, Pipeline, engine_version, inspect, readable_formats
)
from image_processor.engine.writing.output_formats import OUTPUT_FORMATS
from utils.errors import DomainError
asked, refused = {{}}, {{}}
for name in ("heic", "heif", "jxl"):
    try:
        asked[name] = Pipeline.parse([{{"operation": "flip"}}], format=name).output.format
    except DomainError as error:
        asked[name] = error.errors[0].code
for name, data in {{
    "HEIC": b"\\0\\0\\0\\x18ftypheic" + bytes(40),
    "JXL": b"\\xff\\x0a" + bytes(40),
}}.items():
    try:
        inspect(data, Limits())
    except DomainError as error:
        refused[name] = [error.code, str(error)]
print(json.dumps({{
    "out": list(OUTPUT_FORMATS),
    "in": readable_formats(),
    "asked": asked,
    "refused": refused,
    "version": engine_version(),
}}))
"""


def report(*hidden: str) -> dict[str, Any]:
    """What a process reports that cannot import these modules."""
    done = subprocess.run(
        [sys.executable, "-c", REPORT.format(hidden=list(hidden))],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def pins() -> set[str]:
    """Name and version of each package of an optional format."""
    found = map(Requirement, PINS.read_text().splitlines())
    return {
        f"{pin.name}-{next(iter(pin.specifier)).version}"
        for pin in found
        if pin.name.startswith("pillow-")
    }


def test_without_the_packages_the_formats_do_not_exist() -> None:
    said = report(*PACKAGES.values())
    assert not set(PACKAGES) & {*said["out"], *said["in"]}
    assert set(said["asked"].values()) == {"unknown_format"}
    assert {code for code, _ in said["refused"].values()} == {"unsupported_format"}
    assert "The file format HEIC is not supported" in said["refused"]["HEIC"][1]
    assert "The file format JPEG XL is not supported" in said["refused"]["JXL"][1]
    assert "pillow-heif" not in said["version"]
    assert "pillow-jxl" not in said["version"]


@pytest.mark.long
@pytest.mark.formats
def test_with_the_packages_they_are_listed() -> None:
    said = report()
    assert said["out"][-2:] == said["in"][-2:] == ["HEIC", "JXL"]
    assert said["asked"] == {"heic": "HEIC", "heif": "HEIC", "jxl": "JXL"}
    assert {code for code, _ in said["refused"].values()} == {"invalid_image"}
    assert pins() == set(EXTRAS.values())
    assert all(pin in said["version"] for pin in pins())


@pytest.mark.long
@pytest.mark.formats
@pytest.mark.parametrize(("hidden", "other"), [("HEIC", "JXL"), ("JXL", "HEIC")])
def test_each_counts_by_itself(hidden: str, other: str) -> None:
    said = report(PACKAGES[hidden])
    assert said["out"][-1] == said["in"][-1] == other
    assert hidden not in {*said["out"], *said["in"]}
    assert said["asked"][hidden.lower()] == "unknown_format"
    assert said["asked"][other.lower()] == other


@pytest.mark.rule(
    "HEIC JXL",
    "read",
    "Still pictures with and without alpha, if the optional package is installed.",
)
@pytest.mark.parametrize("name", optional_formats.CASES)
def test_a_file_there_and_back(name: str) -> None:
    for source, mode in (("rocket.jpg", "RGB"), ("horse.png", "RGBA")):
        written = run(photo(source), step("resize", width=120), format=name.lower(), quality="auto")
        assert (written.format, written.encodes <= 6) == (name, True)
        facts = facts_of(written.data)
        assert (facts.format, facts.width, facts.mode) == (name, 120, mode)
        assert image_of(run(written.data, step("flip"), format="png")).size[0] == 120
        for length in (40, len(written.data) // 2, len(written.data) - 1):
            with pytest.raises(InvalidImage):
                run(written.data[:length], step("flip"), format="png")


@pytest.mark.parametrize("name", optional_formats.CASES)
@pytest.mark.parametrize("quality", [1, 50, 99, 100])
def test_every_quality_is_written(name: str, quality: int) -> None:
    for source in ("rocket.jpg", "horse.png"):
        result = run(photo(source), step("resize", width=120), format=name.lower(), quality=quality)
        assert image_of(result).size[0] == 120
        assert result.quality == quality


@pytest.mark.parametrize("name", optional_formats.CASES)
def test_any_pipeline_gives_the_planned_file(name: str) -> None:
    quiet = list(HealthCheck)

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=quiet)
    @given(trial=trials.trials())
    def attempt(trial: trials.Trial) -> None:
        ends.add(trials.outcome(replace(trial, target=name.lower())))

    ends: set[str] = set()
    attempt()
    assert "rendered" in ends


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


@pytest.mark.rule("JXL", "refused", "Files with broken boxes.")
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


@pytest.mark.long
@pytest.mark.formats
def test_a_jpeg_xl_that_announces_too_much_is_not_decoded() -> None:
    with pytest.raises(TooManyPixels) as caught:
        facts_of(announcing(9_000, 9_000))
    assert caught.value.limit == LIMITS.max_pixels

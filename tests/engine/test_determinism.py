"""The same input gives the same bytes, in another process too."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from image_processor.engine import engine_version
from tests.engine import golden_cases
from tests.engine.builders import animation, encoded, gradient, photo, run, step

ROOT = Path(__file__).parents[2]

STEPS = [
    step("resize", width=160, height=120, fit="cover"),
    step("watermark", text="(c) 2026", position="tile"),
    step("rotate", degrees=7),
    step("apply_filter", sepia=True, sharpen=True),
]
TARGETS = ("jpeg", "png", "webp", "gif", "tiff", "avif")


def digests() -> list[str]:
    """One digest for each way of writing."""
    results = [run(photo("chelsea.png"), *STEPS, format=target) for target in TARGETS]
    results.append(run(encoded(gradient(1201, 907), "PNG"), step("resize", width=411)))
    results += [run(animation("GIF"), step("blur"), format=f) for f in ("gif", "webp", "png")]
    results.append(run(photo("rocket.jpg"), step("compress", max_bytes=9000), metadata="keep"))
    results += [run(photo("rocket.jpg"), quality="auto", format=f) for f in ("jpeg", "webp")]
    files = [result.data for result in results]
    files += [golden_cases.result(name) for name in golden_cases.CASES]  # every operation
    return [hashlib.sha256(file).hexdigest() for file in files]


def digests_elsewhere(**variables: str) -> list[str]:
    """What another process with these variables gets."""
    code = "from tests.engine.test_determinism import digests; print('\\n'.join(digests()))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.split()


def test_the_same_bytes_here_and_in_another_process() -> None:
    here = digests()
    # libvips does the same however many threads it may use.
    assert digests_elsewhere(VIPS_CONCURRENCY="7") == here
    # Not all differ: some switches of apply_filter do what an operation does.
    assert len(set(here)) > 90


@pytest.mark.long
def test_the_same_bytes_again_and_with_the_usual_threads() -> None:
    here = digests()
    assert digests_elsewhere() == here
    assert digests() == here


@pytest.mark.parametrize(
    "name",
    [
        "engine-4",
        "pillow-13",
        "libjpeg_turbo",
        "avif",
        "freetype2",
        "libvips-8.",
        "opencv-4.",
        "numpy-2.",
    ],
)
def test_the_version_names_what_a_result_depends_on(name: str) -> None:
    assert name in engine_version()

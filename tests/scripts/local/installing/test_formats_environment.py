"""The environment for the optional formats: made quickly, and no test is left out in it."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.local.checkout import ROOT
from scripts.local.installing import formats_environment
from scripts.local.terminal import StartError

pytestmark = pytest.mark.long  # only the long run uses such an environment


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment without the packages, which needs no network."""
    folder = tmp_path_factory.mktemp("formats")
    requirements = folder / "nothing.txt"
    requirements.write_text("# nothing\n")
    return formats_environment.make(folder / "inner", requirements)


def test_it_sees_the_packages_of_the_outer_one(python: Path) -> None:
    code = "import sys, PIL; print(sys.prefix, PIL.__file__)"
    done = subprocess.run([python, "-c", code], capture_output=True, check=True, text=True)
    prefix, pillow = done.stdout.split()
    assert Path(prefix) == python.parents[1]
    assert Path(pillow).is_relative_to(sys.prefix)


def test_without_the_packages_its_tests_fail(python: Path) -> None:
    (own,) = python.parents[1].glob("lib/python*/site-packages")
    for module in ("pillow_heif", "pillow_jxl"):  # the outer one may have them
        (own / f"{module}.py").write_text("raise ImportError\n")
    chosen = ["-m", "formats", "tests/engine/test_extras.py", "-k", "every_quality"]
    done = subprocess.run(
        [python, "-m", "pytest", "-p", "no:cacheprovider", *chosen],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    closing = done.stdout.splitlines()[-1]
    assert "8 failed" in closing
    assert "passed" not in closing
    assert "skipped" not in closing


def test_what_pip_cannot_install_is_told(tmp_path: Path) -> None:
    requirements = tmp_path / "wrong.txt"
    requirements.write_text(f"{tmp_path}/missing-package\n")
    with pytest.raises(StartError, match=r"could not install wrong\.txt:"):
        formats_environment.make(tmp_path / "inner", requirements)


def test_a_folder_must_be_named() -> None:
    with pytest.raises(SystemExit, match="FOLDER"):
        formats_environment.main([])

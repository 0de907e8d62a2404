"""Run pytest in a separate environment that has the optional formats (HEIC, JPEG XL).

`python -m scripts.local.installing.formats_environment FOLDER` makes the environment in FOLDER and
runs the tests of the optional formats. Arguments after FOLDER replace the arguments for pytest.
"""

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from pathlib import Path

from scripts.local.checkout import ROOT
from scripts.local.terminal import StartError

REQUIREMENTS = ROOT / "requirements-formats.txt"
TESTS = (
    "-m",
    "formats",
    "-p",
    "scripts.testing.progress",
    "tests/engine",
    "tests/api/views/pipelines/previews/test_preview.py",
)


def make(folder: Path, requirements: Path = REQUIREMENTS) -> Path:
    """Make the environment and return its Python.

    The new environment sees the packages of the running one, so pip installs only missing ones.

    Raises:
        StartError: pip cannot install the requirements.
    """
    venv.create(folder, symlinks=True, with_pip=False)
    bases = {"base": str(folder), "platbase": str(folder)}
    site_packages = Path(sysconfig.get_path("purelib", "venv", bases))
    (site_packages / "outer.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    result = subprocess.run(
        [*pip, "install", "--quiet", "--no-input", "--requirement", str(requirements)],
        env={**os.environ, "PIP_ROOT_USER_ACTION": "ignore"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if result.returncode != 0:
        raise StartError(f"pip could not install {requirements.name}:\n{result.stdout.strip()}")
    return python


def main(arguments: Sequence[str]) -> None:
    """Make the environment and become pytest in it."""
    if not arguments or arguments[0].startswith("-"):
        sys.exit(__doc__)
    folder, *pytest_arguments = arguments
    try:
        python = str(make(Path(folder)))
    except StartError as error:
        sys.exit(str(error))
    os.chdir(ROOT)
    command = [python, "-m", "pytest", *(pytest_arguments or TESTS)]
    os.execv(python, command)  # noqa: S606 - the environment's own Python


if __name__ == "__main__":
    main(sys.argv[1:])

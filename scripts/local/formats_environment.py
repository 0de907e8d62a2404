"""Run pytest in an environment of its own that has the optional formats (HEIC, JPEG XL).

`python -m scripts.local.formats_environment FOLDER` makes the environment in that folder and runs
the tests of the optional formats there; whatever follows FOLDER goes to pytest instead.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from pathlib import Path

from scripts.local.bootstrap import ROOT
from scripts.local.errors import StartError

REQUIREMENTS = ROOT / "requirements-formats.txt"
TESTS = (
    "-m",
    "formats",
    "-p",
    "scripts.testing.progress",
    "tests/engine",
    "tests/api/test_preview.py",
)


def make(folder: Path, requirements: Path = REQUIREMENTS) -> Path:
    """Make the environment and return its Python.

    It sees the packages of the running environment, so pip installs only what is missing there.

    Raises:
        StartError: pip cannot install the requirements.
    """
    venv.create(folder, symlinks=True, with_pip=False)
    packages = {"base": str(folder), "platbase": str(folder)}
    own = Path(sysconfig.get_path("purelib", "venv", packages))
    (own / "outer.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "install", "--quiet", "--no-input", "--requirement", str(requirements)],
        env={**os.environ, "PIP_ROOT_USER_ACTION": "ignore"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        raise StartError(f"pip could not install {requirements.name}:\n{done.stdout.strip()}")
    return python


def main(arguments: Sequence[str]) -> None:
    """Make the environment, and become pytest in it."""
    if not arguments or arguments[0].startswith("-"):
        sys.exit(__doc__)
    folder, *chosen = arguments
    try:
        python = str(make(Path(folder)))
    except StartError as error:
        sys.exit(str(error))
    os.chdir(ROOT)
    os.execv(python, [python, "-m", "pytest", *(chosen or TESTS)])  # noqa: S606 - it is our own


if __name__ == "__main__":
    main(sys.argv[1:])

"""The virtual environment that the scripts make for themselves."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.local.bootstrap import ROOT

# Asks for one requirement file, and then says where it runs.
SCRIPT = """
import sys
from pathlib import Path
sys.path[0] = str(Path(__file__).resolve().parent)
from scripts.local import bootstrap
from scripts.local.errors import StartError
try:
    bootstrap.enter_venv(Path(__file__), sys.argv[1:], ["mine.txt"])
except StartError as error:
    sys.exit(str(error))
print(sys.prefix, sys.argv[1:])
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the bootstrap module and a requirement file that needs no network."""
    package = tmp_path / "scripts" / "local"
    package.mkdir(parents=True)
    for name in ("__init__.py", "bootstrap.py", "errors.py"):
        shutil.copy(ROOT / "scripts" / "local" / name, package)
    (tmp_path / "script.py").write_text(SCRIPT)
    (tmp_path / "mine.txt").write_text("# nothing yet\n")
    return tmp_path


def run(checkout: Path) -> subprocess.CompletedProcess[str]:
    python = Path(sys.base_prefix) / "bin" / "python3"
    command = [python, checkout / "script.py", "--port", "1"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_is_made_once_and_entered_every_time(checkout: Path) -> None:
    first = run(checkout)
    assert first.stdout == f"{checkout / '.venv'} ['--port', '1']\n", first.stderr
    assert "Making the virtual environment" in first.stderr
    second = run(checkout)
    assert (second.stdout, second.stderr) == (first.stdout, "")


def test_changed_requirements_are_installed(checkout: Path) -> None:
    run(checkout)
    (checkout / "mine.txt").write_text("# a new pin\n")
    assert "Installing mine.txt" in run(checkout).stderr
    assert run(checkout).stderr == ""


def test_an_environment_whose_python_is_gone_is_made_again(checkout: Path) -> None:
    run(checkout)
    for link in (checkout / ".venv" / "bin").glob("python*"):
        link.unlink()
    again = run(checkout)
    assert again.stdout == f"{checkout / '.venv'} ['--port', '1']\n", again.stderr


def test_what_pip_cannot_install_is_one_sentence(checkout: Path) -> None:
    (checkout / "mine.txt").write_text("./missing-package\n")
    result = run(checkout)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith("pip could not install the requirements: ")
    stamp = checkout / ".venv" / "installed.json"
    assert not stamp.exists() or "mine.txt" not in json.loads(stamp.read_text())

"""The virtual environment that the scripts make for themselves."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.local.checkout import ROOT
from scripts.local.installing import bootstrap

# Requires one requirement file and prints where it runs.
SCRIPT = """
import sys
from pathlib import Path
sys.path[0] = str(Path(__file__).resolve().parent)
from scripts.local.installing import bootstrap
bootstrap.enter_venv(["mine.txt"])
print(sys.prefix, sys.argv[1:])
"""
MODULES = ("__init__.py", "checkout.py", "terminal.py", "installing/bootstrap.py")


def copy_scripts(folder: Path) -> None:
    """Make a checkout with the bootstrap module and a requirement file that needs no network."""
    for name in MODULES:
        copy = folder / "scripts" / "local" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "scripts" / "local" / name, copy)
    (folder / "script.py").write_text(SCRIPT)
    (folder / "mine.txt").write_text("# nothing yet\n")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A checkout after its first start, and what that said: pip alone takes five seconds."""
    folder = tmp_path_factory.mktemp("made")
    copy_scripts(folder)
    return folder, run(folder)


@pytest.fixture
def checkout(made: tuple[Path, object], tmp_path: Path) -> Path:
    """A copy of it to change; an environment is found by its place, so a copy is one, too."""
    folder, _ = made
    shutil.copytree(folder, tmp_path / "checkout", symlinks=True)
    return tmp_path / "checkout"


def run(checkout: Path) -> subprocess.CompletedProcess[str]:
    python = Path(sys.base_prefix) / "bin" / "python3"
    command = [python, checkout / "script.py", "--port", "1"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_is_made_once_and_entered_every_time(
    made: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    checkout, first = made
    assert first.stdout == f"{checkout / '.venv'} ['--port', '1']\n", first.stderr
    assert "Making the virtual environment" in first.stderr
    second = run(checkout)
    assert (second.stdout, second.stderr) == (first.stdout, "")


def test_changed_requirements_are_installed(checkout: Path) -> None:
    (checkout / "mine.txt").write_text("# a new pin\n")
    again = run(checkout)
    assert again.stdout == f"{checkout / '.venv'} ['--port', '1']\n", again.stderr
    assert "Making the virtual environment" not in again.stderr
    assert "Installing mine.txt" in again.stderr
    assert run(checkout).stderr == ""


def take_python_away(checkout: Path) -> None:
    for link in (checkout / ".venv" / "bin").glob("python*"):
        link.unlink()


def test_an_environment_whose_python_is_gone_does_not_work(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "PYTHON", checkout / ".venv" / "bin" / bootstrap.PYTHON.name)
    assert bootstrap._venv_works()
    take_python_away(checkout)
    assert not bootstrap._venv_works()


@pytest.mark.long  # makes another one
def test_an_environment_whose_python_is_gone_is_made_again(checkout: Path) -> None:
    take_python_away(checkout)
    again = run(checkout)
    assert again.stdout == f"{checkout / '.venv'} ['--port', '1']\n", again.stderr


def test_what_pip_cannot_install_is_one_sentence(checkout: Path) -> None:
    stamp = checkout / ".venv" / "installed.json"
    before = stamp.read_text()
    (checkout / "mine.txt").write_text("./missing-package\n")
    result = run(checkout)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith("pip could not install the requirements: ")
    # Nor is it written down as installed.
    assert "mine.txt" in before
    assert stamp.read_text() == before

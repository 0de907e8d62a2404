"""Make the virtual environment, install the pinned requirements and continue inside it.

Only the standard library is imported here: on a fresh clone there is nothing else yet.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scripts.local.errors import StartError

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"

OLDEST_PYTHON = (3, 11)
SERVICE = ("requirements.txt", "requirements-local.txt")
DEVELOPMENT = (*SERVICE, "requirements-dev.txt")


def say(text: str) -> None:
    """Report progress. Standard output is kept for what other programs read."""
    print(text, file=sys.stderr, flush=True)


def enter_venv(script: Path, arguments: Sequence[str], requirements: Sequence[str]) -> None:
    """Return when running inside the complete environment; until then, build it and start over.

    Raises:
        StartError: The environment cannot be made or the requirements cannot be installed.
    """
    complete = PYTHON.exists() and is_installed(requirements)
    if complete and Path(sys.prefix).resolve() == VENV.resolve():
        return
    if not complete:
        with _terminated_like_ctrl_c(), _one_at_a_time():
            _make_venv()
            if not is_installed(requirements):  # by another start, which we waited for
                _install(requirements)
    os.execv(PYTHON, [str(PYTHON), str(script), *arguments])  # noqa: S606 - it is our own


def is_installed(requirements: Sequence[str]) -> bool:
    """Whether exactly these versions of the requirement files were installed already."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    return all(stamp.get(name) == _digest(name) for name in requirements)


def _digest(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two first starts of one checkout take turns: the lock is on the folder itself."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


@contextmanager
def _terminated_like_ctrl_c() -> Iterator[None]:
    """On SIGTERM take the running pip down as well, as Ctrl-C does."""

    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _make_venv() -> None:
    if _works():
        return
    if importlib.util.find_spec("ensurepip") is None:
        _install_venv_module()
    say(f"Making the virtual environment {VENV} ...")
    try:
        _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    except subprocess.CalledProcessError as error:
        raise StartError(
            f"The virtual environment {VENV} could not be made: {_last_line(error.stdout)}"
        ) from error


def _works() -> bool:
    """Whether the environment has a pip and a Python that is new enough."""
    probe = f"import pip, sys; print(sys.version_info >= {OLDEST_PYTHON})"
    try:
        return _run([str(PYTHON), "-c", probe]).strip() == "True"
    except (OSError, subprocess.CalledProcessError):
        return False


def _install_venv_module() -> None:
    package = f"python3.{sys.version_info[1]}-venv"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise StartError(
            "This Python has no ensurepip module, which virtual environments need: "
            f"install it first (on Debian and Ubuntu: apt-get install {package})."
        )
    say(f"Installing {package} ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        _run(["apt-get", "update", "-q"], environment)
        _run(["apt-get", "install", "-qy", "--no-install-recommends", package], environment)
    except subprocess.CalledProcessError as error:
        raise StartError(
            f"apt-get could not install {package}: {_last_line(error.stdout)}"
        ) from error
    importlib.invalidate_caches()


def _install(requirements: Sequence[str]) -> None:
    say(f"Installing {', '.join(requirements)} (a minute or two the first time) ...")
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input"]
    command.append("--disable-pip-version-check")
    for name in requirements:
        command += ["--requirement", str(ROOT / name)]
    # pip warns root users about system packages; this is an environment of its own.
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}
    try:
        _run(command, environment)
    except subprocess.CalledProcessError as error:
        say(error.stdout)
        raise StartError(
            f"pip could not install the requirements: {_last_line(error.stdout)}"
        ) from error
    STAMP.write_text(json.dumps({name: _digest(name) for name in requirements}))


def _run(command: Sequence[str], environment: dict[str, str] | None = None) -> str:
    return subprocess.run(
        command,
        check=True,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
    ).stdout


def _last_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"

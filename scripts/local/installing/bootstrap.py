"""Make the virtual environment, install the pinned requirements and continue inside it.

Only the standard library is imported here: on a fresh clone nothing else is installed yet.
"""

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

from scripts.local.checkout import PYTHON, ROOT, VENV
from scripts.local.terminal import StartError, say

STAMP = VENV / "installed.json"

OLDEST_PYTHON = (3, 11)
SERVICE = ("requirements.txt", "requirements-local.txt")
DEVELOPMENT = (*SERVICE, "requirements-dev.txt")


def enter_venv(requirements: Sequence[str]) -> None:
    """Return inside the complete environment; elsewhere, build it and restart this script there.

    A failure ends the program with a sentence, Ctrl-C ends it with status 130.
    """
    try:
        is_complete = PYTHON.exists() and is_installed(requirements)
        if is_complete and VENV.resolve().samefile(sys.prefix):
            return
        if not is_complete:
            with _interrupt_on_sigterm(), _checkout_lock():
                _make_venv()
                if not is_installed(requirements):  # another start may have installed them
                    _install(requirements)
    except StartError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    os.execv(PYTHON, [str(PYTHON), *sys.argv])  # noqa: S606 - the environment's own Python


def is_installed(requirements: Sequence[str]) -> bool:
    """Whether the requirement files were installed with exactly their present contents."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    return all(stamp.get(name) == _digest(name) for name in requirements)


def _digest(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


@contextmanager
def _checkout_lock() -> Iterator[None]:
    """Let two first starts of one checkout take turns. The lock is on the checkout's folder."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


@contextmanager
def _interrupt_on_sigterm() -> Iterator[None]:
    """On SIGTERM, raise KeyboardInterrupt, which also ends a running pip."""
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


def _make_venv() -> None:
    if _venv_works():
        return
    if importlib.util.find_spec("ensurepip") is None:
        _install_venv_module()
    say(f"Making the virtual environment {VENV} ...")
    _run_or_explain(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        f"The virtual environment {VENV} could not be made",
    )


def _venv_works() -> bool:
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
            "This Python has no ensurepip module, which virtual environments need. "
            f"Install it first (on Debian and Ubuntu: apt-get install {package})."
        )
    say(f"Installing {package} ...")
    install = ["apt-get", "install", "-qy", "--no-install-recommends", package]
    for command in (["apt-get", "update", "-q"], install):
        _run_or_explain(
            command, f"apt-get could not install {package}", DEBIAN_FRONTEND="noninteractive"
        )
    importlib.invalidate_caches()


def _install(requirements: Sequence[str]) -> None:
    say(f"Installing {', '.join(requirements)} (a minute or two the first time) ...")
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input"]
    command.append("--disable-pip-version-check")
    for name in requirements:
        command += ["--requirement", str(ROOT / name)]
    # pip warns root users about system packages, but this environment is separate from them.
    _run_or_explain(
        command,
        "pip could not install the requirements",
        show_output=True,
        PIP_ROOT_USER_ACTION="ignore",
    )
    STAMP.write_text(json.dumps({name: _digest(name) for name in requirements}))


def _run_or_explain(
    command: Sequence[str], failure: str, *, show_output: bool = False, **variables: str
) -> None:
    """Run the command; when it fails, raise StartError with the last line of its output."""
    try:
        _run(command, {**os.environ, **variables})
    except subprocess.CalledProcessError as error:
        if show_output:
            say(error.stdout)
        lines = [line.strip() for line in error.stdout.splitlines() if line.strip()]
        raise StartError(f"{failure}: {lines[-1] if lines else 'no output'}") from error


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

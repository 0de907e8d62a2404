"""A program on a leash does not outlive the process that started it."""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.local.processes.program import LEASH
from tests.scripts.processes import DEADLINE, until

PROGRAM = """
import os, pathlib, signal, sys, time
def stop(number, frame):
    pathlib.Path(sys.argv[1], "ended").write_text(signal.Signals(number).name)
    sys.exit()
signal.signal(signal.SIGUSR1, stop)
pathlib.Path(sys.argv[1], "draft").write_text(str(os.getpid()))
pathlib.Path(sys.argv[1], "draft").rename(pathlib.Path(sys.argv[1], "id"))
time.sleep(600)
"""
# Starts the leash and waits: the process that is going to be killed.
OWNER = "import subprocess, sys; subprocess.run(sys.argv[1:])"


@pytest.fixture(params=[[], ["--watch"]], ids=["kernel", "watching"])
def owner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process with a program on a leash, by both ways to hold one."""
    if not request.param and not sys.platform.startswith("linux"):
        pytest.skip("only Linux tells a process that its parent died")
    leash = [sys.executable, "-I", str(LEASH), *request.param, "--lock", str(tmp_path / "lock")]
    program = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    process = subprocess.Popen([sys.executable, "-c", OWNER, *leash, "SIGUSR1", "0", *program])
    yield process
    process.kill()
    process.wait()


def test_a_killed_owner_takes_the_program_along(
    owner: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    await_file(tmp_path / "id")
    lock = os.open(tmp_path / "lock", os.O_RDONLY)
    assert not is_free(lock)
    owner.send_signal(signal.SIGKILL)
    until(lambda: is_free(lock), "the end of the program")
    os.close(lock)
    assert (tmp_path / "ended").read_text() == "SIGUSR1"


def test_signals_to_the_program_are_its_own(owner: subprocess.Popen[bytes], tmp_path: Path) -> None:
    os.kill(int(await_file(tmp_path / "id")), signal.SIGUSR1)
    assert owner.wait(DEADLINE) == 0
    assert (tmp_path / "ended").read_text() == "SIGUSR1"


def test_a_program_whose_owner_is_gone_does_not_start(tmp_path: Path) -> None:
    line = [sys.executable, "-I", str(LEASH), "SIGTERM", "1", "/bin/echo", "started"]
    result = subprocess.run(line, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stdout == ""


def test_the_exit_status_is_the_programs() -> None:
    line = [sys.executable, "-I", str(LEASH), "SIGTERM", "0", "/bin/sh", "-c", "exit 7"]
    assert subprocess.run(line, check=False).returncode == 7


def is_free(lock: int) -> bool:
    """Whether nobody holds the lock; then this process does."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def await_file(path: Path) -> str:
    until(path.exists, str(path))
    return path.read_text()

"""Several processes write one file, which is rotated; no line is lost or torn."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from utils.rotated_file import RotatedFile

ROOT = Path(__file__).resolve().parents[2]
# The parent opens the file, so that its child inherits it, as the children of a worker do.
WRITER = """
import logging, os, sys
from utils.rotated_file import RotatedFile

path, number = sys.argv[1:]
handler = RotatedFile(path, max_bytes=4000, backups=1000)
log = logging.getLogger("writer")
log.setLevel("INFO")
log.addHandler(handler)
log.info("%s started %s", number, "x" * 40)
child = os.fork()
for line in range(400):
    log.info("%s %d %s", number + ("p" if child else "c"), line, "x" * 40)
if child:
    sys.exit(os.waitpid(child, 0)[1])
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "service.log"


def handler(path: Path, *, backups: int = 2) -> RotatedFile:
    return RotatedFile(str(path), max_bytes=100, backups=backups)


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    log = logging.getLogger("rotated")
    log.setLevel("INFO")
    log.propagate = False
    yield log
    for each in list(log.handlers):
        each.close()
        log.removeHandler(each)


def test_the_oldest_file_is_dropped(path: Path, log: logging.Logger) -> None:
    log.addHandler(handler(path))
    for number in range(9):
        log.info("%d %s", number, "x" * 60)
    names = ["service.log", "service.log.1", "service.log.2"]
    assert sorted(file.name for file in path.parent.iterdir()) == names
    kept = [[line[0] for line in (path.parent / name).read_text().splitlines()] for name in names]
    assert kept == [["8"], ["6", "7"], ["4", "5"]]


def test_another_program_may_rename_the_file(path: Path, log: logging.Logger) -> None:
    log.addHandler(handler(path))
    log.info("before")
    path.rename(path.with_suffix(".moved"))
    log.info("after")
    assert path.read_text() == "after\n"


def test_what_cannot_be_renamed_is_still_written(
    path: Path, log: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)  # it would print the error
    (path.parent / "service.log.1").mkdir()
    (path.parent / "service.log.1" / "x").touch()
    first, second = handler(path, backups=1), handler(path, backups=1)
    log.addHandler(first)
    log.addHandler(second)
    for number in range(3):
        log.info("%d %s", number, "x" * 60)
    assert [line[0] for line in path.read_text().splitlines()] == list("001122")


def test_processes_share_a_file(path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(number)], cwd=ROOT)
        for number in range(3)
    ]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    files = list(path.parent.iterdir())
    assert len(files) > 20
    lines = [line.split() for file in files for line in file.read_text().splitlines()]
    assert all(line[-1] == "x" * 40 for line in lines)
    numbers = [(line[0], int(line[1])) for line in lines if line[1] != "started"]
    expected = [(f"{writer}{kind}", n) for writer in range(3) for kind in "pc" for n in range(400)]
    assert sorted(numbers) == sorted(expected)
    # Each file but the present one is as full as it may be, and no fuller than the last lines of
    # six processes make it.
    sizes = [file.stat().st_size for file in files if file != path]
    assert min(sizes) >= 4000
    assert max(sizes) < 4000 + 6 * 60


def test_a_file_that_another_process_renamed_is_left(path: Path, log: logging.Logger) -> None:
    slow = handler(path)
    log.addHandler(slow)
    log.info("x" * 100)
    log.info("x" * 100)  # rotates once
    full = slow.stream
    path.replace(path.with_suffix(".moved"))  # while this process waits for the lock
    slow._rotate(full)
    log.info("after")
    assert path.read_text() == "after\n"
    assert not (path.parent / "service.log.2").exists()

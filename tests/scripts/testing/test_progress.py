"""Runs of pytest inside of a test run: what has failed and why, counts, skipped tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.testing.part import Part
from scripts.testing.progress import Failure, Reader
from tests.scripts.testing.conftest import RunParts

TESTS = """
import pytest

def test_good(): pass

@pytest.mark.parametrize("n", [1, 2])
def test_bad(n):
    print("said by the test")
    assert n == 3

@pytest.mark.skip(reason="no such machine")
def test_skipped(): pass

@pytest.fixture
def broken():
    yield
    raise ValueError("cannot be torn down")

def test_torn_down(broken): pass
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of tests that know nothing of the project."""
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p no:django\n")
    return folder


def test_a_run_is_told_test_by_test(
    run_parts: RunParts, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "test_some.py").write_text(TESTS)
    [outcome] = run_parts(Part("some", 1, tests=[str(folder)]))
    assert not outcome.is_good
    assert outcome.passed == 1
    assert sorted(name.partition("::")[2] for name in outcome.failures) == [
        "test_bad[1]", "test_bad[2]", "test_torn_down",
    ]  # fmt: skip
    [skipped] = outcome.skipped
    assert skipped.endswith("test_skipped: no such machine")
    said = capsys.readouterr().out
    assert "FAILED test_some.py::test_bad[1] (some)" in said
    assert "assert 1 == 3" in said
    assert "said by the test" in said
    assert "cannot be torn down" in said
    assert said.splitlines()[-1] == "1 passed, 3 failed, 1 skipped"


def test_what_cannot_be_collected_has_failed(
    run_parts: RunParts, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "test_some.py").write_text("import nothing_of_that_name")
    [outcome] = run_parts(Part("some", 1, tests=[str(folder)]))
    assert outcome.failures == ["test_some.py"]
    assert "No module named 'nothing_of_that_name'" in capsys.readouterr().out


def test_a_run_without_tests_has_failed(
    run_parts: RunParts, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [outcome] = run_parts(Part("none", 1, tests=[str(folder)]))
    assert not outcome.is_good
    assert "no tests ran" in capsys.readouterr().out


def test_a_line_that_is_being_written_is_read_later(tmp_path: Path) -> None:
    path = tmp_path / "progress"
    reader = Reader(path)
    assert reader.read() == []
    path.write_text('{"collected": 2}\n{"failed": "a", "rea')
    assert reader.read() == []
    assert reader.collected == 2
    with path.open("a") as file:
        file.write('son": "it is"}\n{"ended": "a"}\n')
    assert reader.read() == [Failure("a", "it is")]
    assert (reader.ended, reader.passed) == (1, 0)

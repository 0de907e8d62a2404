"""Parts run side by side, in order, each after those that it needs."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

from scripts.local.processes.interrupt import Interrupt, StopRequested
from scripts.testing import running
from scripts.testing.part import Part
from tests.scripts.processes import until
from tests.scripts.testing.conftest import RunParts, python

FOREVER = python("import time; time.sleep(600)")


def note(file: Path, text: str) -> tuple[str, ...]:
    return python(f"open({str(file)!r}, 'a').write({text!r})")


def test_all_that_pass_are_good(run_parts: RunParts) -> None:
    outcomes = run_parts(
        Part("a", 1, python("")), Part("b", 1, python("")), Part("c", 1, python(""))
    )
    assert [(one.part.name, one.status) for one in outcomes] == [("a", 0), ("b", 0), ("c", 0)]


def test_one_lane_keeps_the_order(run_parts: RunParts, tmp_path: Path) -> None:
    file = tmp_path / "order"
    run_parts(*(Part(name, 1, note(file, name)) for name in "abc"), lanes=1)
    assert file.read_text() == "abc"


def test_two_lanes_work_at_the_same_time(run_parts: RunParts, tmp_path: Path) -> None:
    """Each of two waits for the other's file."""
    meet = (
        "import pathlib, sys, time\n"
        "folder, mine, other = pathlib.Path(sys.argv[1]), *sys.argv[2:]\n"
        "(folder / mine).touch()\n"
        "end = time.monotonic() + 60\n"
        "while not (folder / other).exists(): assert time.monotonic() < end\n"
    )
    pairs = [("x", "y"), ("y", "x")]
    outcomes = run_parts(
        *(Part(pair[0], 1, (*python(meet), str(tmp_path), *pair)) for pair in pairs)
    )
    assert all(one.is_good for one in outcomes)


def test_a_part_starts_after_those_that_it_needs(run_parts: RunParts, tmp_path: Path) -> None:
    file = tmp_path / "order"
    run_parts(
        Part("second", 1, note(file, "2"), after=["first"]), Part("first", 1, note(file, "1"))
    )
    assert file.read_text() == "12"


def test_what_needs_a_part_that_failed_is_not_started(run_parts: RunParts, tmp_path: Path) -> None:
    file = tmp_path / "order"
    first, second, third = run_parts(
        Part("first", 1, python("raise SystemExit(3)")),
        Part("second", 1, note(file, "2"), after=["first"]),
        Part("third", 1, note(file, "3"), after=["second"]),
    )
    assert first.status == 3
    assert not second.is_good
    assert second.log == "It was not started, since it needs: first."
    assert not third.is_good
    assert not file.exists()


def test_a_third_service_waits_and_other_parts_do_not(run_parts: RunParts, tmp_path: Path) -> None:
    """The two first end when the other part has run; the third has to start after it."""
    file = tmp_path / "file"
    wait = (
        "import pathlib, time\n"
        "end = time.monotonic() + 60\n"
        f"while not pathlib.Path({str(file)!r}).exists(): assert time.monotonic() < end\n"
    )
    outcomes = run_parts(
        Part("first", 1, python(wait), starts_service=True),
        Part("second", 1, python(wait), starts_service=True),
        Part("third", 1, python(f"open({str(file)!r})"), starts_service=True),
        Part("other", 1, note(file, "")),
        lanes=3,
    )
    assert [one.part.name for one in outcomes if not one.is_good] == []


def test_the_processor_time_of_grandchildren_counts(run_parts: RunParts) -> None:
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    [outcome] = run_parts(
        Part(
            "a",
            1,
            python(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}])"),
        )
    )
    assert outcome.processor >= 0.3


def test_what_hangs_is_ended_and_has_failed(
    run_parts: RunParts, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(running, "LIMIT_SECONDS", 0)
    [outcome] = run_parts(Part("a", 0, FOREVER))
    assert not outcome.is_good
    assert "it had not finished after 0 seconds" in capsys.readouterr().out


def test_a_signal_ends_what_runs(run_parts: RunParts, interrupt: Interrupt, tmp_path: Path) -> None:
    file = tmp_path / "started"
    part = Part("a", 1, python(f"open({str(file)!r}, 'w').close(); import time; time.sleep(600)"))

    def stop() -> None:
        until(file.exists, "the part to start")
        interrupt.signal = signal.SIGTERM

    stopping = threading.Thread(target=stop)
    stopping.start()
    with pytest.raises(StopRequested):
        run_parts(part)
    stopping.join(60)

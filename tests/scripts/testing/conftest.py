"""Run parts whose commands are small programs, in a temporary folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.local.processes.interrupt import Interrupt
from scripts.testing.display import Display
from scripts.testing.part import Outcome, Part
from scripts.testing.schedule import Schedule


@pytest.fixture
def interrupt() -> Interrupt:
    return Interrupt()


def python(code: str) -> tuple[str, ...]:
    """Return the command that runs this code."""
    return (sys.executable, "-c", code)


RunParts = Callable[..., list[Outcome]]


@pytest.fixture
def run_parts(tmp_path: Path, interrupt: Interrupt) -> RunParts:
    """Run parts and return their outcomes."""

    def run(*parts: Part, lanes: int = 2) -> list[Outcome]:
        display = Display(parts, lanes, cores=2)
        schedule = Schedule(
            parts, os.environ, ["-p", "scripts.testing.progress"], tmp_path, display
        )
        outcomes = schedule.run(lanes, interrupt)
        display.show_summary(outcomes)
        return outcomes

    return run

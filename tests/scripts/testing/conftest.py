"""Parts of a proof that run small programs, in a folder of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.local.interrupt import Interrupt
from scripts.testing.display import Display
from scripts.testing.part import Outcome, Part
from scripts.testing.schedule import Schedule


@pytest.fixture
def interrupt() -> Interrupt:
    return Interrupt()


def python(code: str) -> tuple[str, ...]:
    """The command that runs this code."""
    return (sys.executable, "-c", code)


Prove = Callable[..., list[Outcome]]


@pytest.fixture
def prove(tmp_path: Path, interrupt: Interrupt) -> Prove:
    """Run parts to their end; how they ended."""

    def run(*parts: Part, lanes: int = 2) -> list[Outcome]:
        display = Display(parts, lanes, cores=2)
        schedule = Schedule(
            parts, os.environ, ["-p", "scripts.testing.progress"], tmp_path, display
        )
        outcomes = schedule.run(lanes, interrupt)
        display.summary(outcomes)
        return outcomes

    return run

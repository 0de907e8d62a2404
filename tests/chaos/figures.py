"""The figures of a scenario, and the promises that were broken."""

from __future__ import annotations

from dataclasses import dataclass, field

# Only a hang takes that long. The commands themselves have stricter limits, for an idle machine.
NO_HANG = 10


@dataclass
class Figures:
    """The faults of a scenario and their consequences for its tasks; times in seconds.

    `recovered` is the time from the end of the last fault until every task had ended. `broken`
    describes each broken promise.
    """

    scenario: str
    faults: dict[str, int] = field(default_factory=dict)
    tasks: int = 0
    lost: int = 0
    duplicated: int = 0
    run_twice: int = 0
    recovered: float = 0.0
    measured: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def require(self, holds: bool, otherwise: str) -> None:
        """Note the broken promise `otherwise` unless it holds."""
        if not holds:
            self.broken.append(otherwise)

    def require_nothing_lost(self) -> None:
        """Check the promise of every scenario: no task is lost or done twice."""
        self.require(self.lost == 0, f"{self.lost} tasks lost: {', '.join(self.remarks)}")
        self.require(self.duplicated == 0, f"{self.duplicated} tasks with other than one result")

    def __str__(self) -> str:
        parts = [
            f"{self.scenario}: {self.tasks} tasks",
            *(f"{count} {fault}" for fault, count in self.faults.items()),
            f"{self.lost} lost",
            f"{self.duplicated} duplicated",
            f"{self.run_twice} run twice",
            f"{self.recovered:.0f} s to recover",
            *(f"{name} {value}" for name, value in self.measured.items()),
        ]
        return ", ".join(parts) + "".join(f"; BROKEN: {reason}" for reason in self.broken)


def require_kept(figures: Figures) -> Figures:
    """Print and return the figures; fail if a promise was broken."""
    print(figures)
    assert not figures.broken, figures
    return figures

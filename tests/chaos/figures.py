"""One line that says what a scenario found, and whether a promise was broken."""

from __future__ import annotations

from dataclasses import dataclass, field

# Only a hang is that long; what it takes on a quiet machine is for the commands to say.
NO_HANG = 10


@dataclass
class Figures:
    """What was done to how many tasks, and what it cost them; times in seconds.

    `recovered` counts from the end of the last fault until every task had ended. `broken` holds
    what should not have happened, in words.
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
        """Note a broken promise unless it holds."""
        if not holds:
            self.broken.append(otherwise)

    def require_nothing_lost(self) -> None:
        """What every scenario promises."""
        self.require(self.lost == 0, f"{self.lost} tasks lost: {', '.join(self.remarks)}")
        self.require(self.duplicated == 0, f"{self.duplicated} tasks with other than one result")

    def __str__(self) -> str:
        parts = [
            f"{self.scenario}: {self.tasks} tasks",
            *(f"{count} {what}" for what, count in self.faults.items()),
            f"{self.lost} lost",
            f"{self.duplicated} duplicated",
            f"{self.run_twice} run twice",
            f"{self.recovered:.0f} s to recover",
            *(f"{what} {value}" for what, value in self.measured.items()),
        ]
        return ", ".join(parts) + "".join(f"; BROKEN: {reason}" for reason in self.broken)


def kept(figures: Figures) -> Figures:
    """The figures, if no promise was broken."""
    print(figures)
    assert not figures.broken, figures
    return figures

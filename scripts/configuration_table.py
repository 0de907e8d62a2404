"""The configuration table in README.md, derived from .env.example.

`python -m scripts.configuration_table` writes it, `--check` fails when it is out of date.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / ".env.example"
README = ROOT / "README.md"
BEGIN = "<!-- configuration: derived from .env.example, see CONTRIBUTING.md -->"
END = "<!-- /configuration -->"

_GROUP = re.compile(r"^# --- (.+?) -+$")
_VARIABLE = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$")


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable as .env.example describes it; an empty `default` is none."""

    name: str
    default: str
    description: str
    group: str


def variables(text: str) -> list[Variable]:
    """Read the text of .env.example.

    Raises:
        ValueError: A variable has no line above it that says what it does.
    """
    found: list[Variable] = []
    group = ""
    comment: list[str] = []
    for line in text.splitlines():
        if match := _GROUP.match(line):
            group, comment = match[1], []
        elif match := _VARIABLE.match(line):
            if not comment:
                raise ValueError(f"{match[1]} has no description above it")
            found.append(Variable(match[1], match[2], " ".join(comment), group))
            comment = []
        elif line.startswith("# "):
            comment.append(line[2:])
        else:
            comment = []
    return found


def table(rows: list[Variable]) -> str:
    """One Markdown table for each group."""
    lines: list[str] = []
    for group in dict.fromkeys(row.group for row in rows):
        lines += ["", f"**{group}**", "", "| variable | default | what it does |", "|---|---|---|"]
        for row in rows:
            if row.group == group:
                default = f"`{row.default}`" if row.default else ""
                lines.append(f"| `{row.name}` | {default} | {row.description} |")
    return "\n".join([*lines, ""])


def updated(readme: str, example: str) -> str:
    """The README with the table of now.

    Raises:
        ValueError: The README does not have each marker exactly once.
    """
    if readme.count(BEGIN) != 1 or readme.count(END) != 1:
        raise ValueError(f"README.md must hold {BEGIN} and {END} once each")
    before, rest = readme.split(BEGIN)
    return before + BEGIN + "\n" + table(variables(example)) + "\n" + END + rest.split(END)[1]


def main() -> int:
    """Write or check; 1 when a check finds the table out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, only say so")
    options = parser.parse_args()
    old = README.read_text()
    new = updated(old, EXAMPLE.read_text())
    if old == new:
        return 0
    if options.check:
        print("README.md: the configuration table is out of date; run `just generate`")
        return 1
    README.write_text(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())

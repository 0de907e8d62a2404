"""The table of environment variables in docs/configuration.md, derived from .env.example.

`python -m scripts.configuration_table` writes the table. With `--check` it changes nothing and
fails if the table is out of date.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / ".env.example"
PAGE = ROOT / "docs" / "configuration.md"
BEGIN = "<!-- variables: derived from .env.example by scripts/generate -->"
END = "<!-- /variables -->"

_GROUP = re.compile(r"^# --- (.+?) -+$")
_VARIABLE = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$")


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable of .env.example; an empty `default` means that there is none."""

    name: str
    default: str
    description: str
    group: str


def parse_variables(text: str) -> list[Variable]:
    """Read the text of .env.example.

    Raises:
        ValueError: A variable has no description on the lines above it.
    """
    variables: list[Variable] = []
    group = ""
    comment: list[str] = []
    for line in text.splitlines():
        if match := _GROUP.match(line):
            group, comment = match[1], []
        elif match := _VARIABLE.match(line):
            if not comment:
                raise ValueError(f"{match[1]} has no description above it")
            variables.append(Variable(match[1], match[2], " ".join(comment), group))
            comment = []
        elif line.startswith("# "):
            comment.append(line[2:])
        else:
            comment = []
    return variables


def render_table(variables: list[Variable]) -> str:
    """Render one heading and one Markdown table for each group."""
    lines: list[str] = []
    for group in dict.fromkeys(variable.group for variable in variables):
        lines += ["", f"### {group}", "", "| variable | default | what it does |", "|---|---|---|"]
        for variable in variables:
            if variable.group == group:
                default = f"`{variable.default}`" if variable.default else ""
                lines.append(f"| `{variable.name}` | {default} | {variable.description} |")
    return "\n".join([*lines, ""])


def update_page(page: str, example: str) -> str:
    """Return the text of the page with its table replaced by the one of `example`.

    Raises:
        ValueError: The page does not contain each marker exactly once.
    """
    if page.count(BEGIN) != 1 or page.count(END) != 1:
        raise ValueError(f"docs/configuration.md must contain {BEGIN} and {END} once each")
    before, rest = page.split(BEGIN)
    table = render_table(parse_variables(example))
    return before + BEGIN + "\n" + table + "\n" + END + rest.split(END)[1]


def main() -> int:
    """Write or check the table; return 1 if a check finds it out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only check, change nothing")
    options = parser.parse_args()
    old = PAGE.read_text()
    new = update_page(old, EXAMPLE.read_text())
    if old == new:
        return 0
    if options.check:
        print("docs/configuration.md: the table of variables is out of date; run `just generate`")
        return 1
    PAGE.write_text(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())

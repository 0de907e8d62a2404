"""Read parts of the project's documents."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def marked_code(document: str, mark: str) -> str:
    """The code block that follows `<!-- mark -->` in a document of the project."""
    text = (ROOT / document).read_text()
    found = re.findall(rf"<!-- {mark} -->\n```\w+\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert len(found) == 1, f"{document} has {len(found)} code blocks marked {mark}"
    return str(found[0])


def section(text: str, heading: str) -> str:
    """The text below a second-level heading, up to the next one; empty if it does not exist."""
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def without_code(text: str) -> str:
    """A document's text without code blocks and inline code."""
    text = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*`", "", text)


def anchors(text: str) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", without_code(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", it.lower()).replace(" ", "-") for it in headings}

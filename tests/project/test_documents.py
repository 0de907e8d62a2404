"""The documents lead where they say, and say what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts.api_keys import MAX_PER_USER
from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.parameters import MAX_SIDE
from image_processor.engine.planning.validation import MAX_STEPS, MIN_STEPS
from image_processor.engine.reading.extras import EXTRAS
from image_processor.engine.writing.formats import OUTPUT_FORMATS
from tests.project.documents import ROOT, anchors, without_code

DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "compose/**/*.md", "client/*.md")
    for path in ROOT.glob(pattern)
)
LINKS = [
    (document.relative_to(ROOT), target)
    for document in DOCUMENTS
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(document.read_text()))
    if not re.match(r"https?://", target)
]
README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize(("document", "target"), LINKS, ids=str)
def test_links_lead_somewhere(document: Path, target: str) -> None:
    name, _, anchor = target.partition("#")
    path = (ROOT / document).parent / name if name else ROOT / document
    assert path.exists(), f"{target} does not exist"
    if anchor:
        assert anchor in anchors(path.read_text()), f"{target} is no heading there"


def test_links_are_found_in_every_folder_of_documents() -> None:
    folders = {str(document.parent) for document, _ in LINKS}
    assert {".", "docs", "docs/decisions"} <= folders


def test_both_commands_are_on_the_first_screen() -> None:
    screen = "\n".join(README.splitlines()[:20])
    assert "./scripts/up" in screen
    assert "./scripts/test" in screen
    for name in ("up", "test", "services"):
        assert (ROOT / "scripts" / name).stat().st_mode & 0o100


def test_the_readme_names_every_operation() -> None:
    paragraph = next(line for line in README.splitlines() if line.startswith("- **Operations.**"))
    named = re.findall(r"`([a-z_]+)`", paragraph)
    assert set(named) == {operation.name for operation in OPERATIONS}


def test_the_readme_names_every_format() -> None:
    found = re.search(r"; to ((?:[\w, ]+) and \w+)\.", README)
    assert found
    named = re.split(r", | and ", found[1])
    assert {name.upper() for name in named} == set(OUTPUT_FORMATS) - set(EXTRAS)


def test_the_limits_in_the_readme_are_the_limits() -> None:
    rows = README.split("## Limits")[1].split("\n## ")[0]
    for text in (
        f"| {settings.IMAGE_MAX_FILE_SIZE_MB} MB |",
        f"| {settings.IMAGE_MIN_PIXEL_SIZE} to {settings.IMAGE_MAX_PIXEL_SIZE:,} px |",
        f"| {settings.IMAGE_MAX_PIXELS:,} |",
        f"| {MIN_STEPS} to {MAX_STEPS} |",
        f"| 1 to {MAX_SIDE:,} px |",
        f"| {settings.LINK_LIFETIME_SECONDS} s |",
        f"| API keys of a user | {MAX_PER_USER} |",
    ):
        assert text in rows


@pytest.mark.parametrize(
    "name",
    [
        "IMAGE_MAX_PIXEL_SIZE",
        "IMAGE_MIN_PIXEL_SIZE",
        "IMAGE_MAX_FILE_SIZE_MB",
        "REFRESH_TOKEN_LIFETIME",
    ],
)
def test_a_limit_that_was_changed_has_its_decision(name: str) -> None:
    paths = (ROOT / "docs" / "decisions").glob("[0-9]*.md")
    assert any(re.search(rf"set it back.*`{name}=\d+`", path.read_text()) for path in paths)


def test_every_decision_says_what_why_and_what_shows_it() -> None:
    paths = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [path.name[:4] for path in paths]
    assert len(numbers) == len(set(numbers)) >= 7
    for path in paths:
        text = path.read_text()
        assert text.startswith(f"# {path.name[:4]}: ")
        for word in ("**What.**", "**Why", "measured.**"):
            assert word in text, f"{path.name} has no {word}"

"""docs/architecture.md names every folder, and every file and function that it names exists."""

from __future__ import annotations

import ast
import re

import pytest

from scripts.local.installing.bootstrap import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text()
APPS = (
    "image_processing_service",
    "webhooks",
    "pages",
    "api",
    "image_processor",
    "accounts",
    "outbox",
    "utils",
)
NAMED = sorted(set(re.findall(r"`((?:\w+/)+(?:\w+\.py)?)(?::(\w+))?`", PAGE)))
UNLISTED = ("migrations", "management", "commands", "templates")


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_what_is_named_exists(path: str, name: str) -> None:
    assert (ROOT / path).exists()
    if name:
        tree = ast.parse((ROOT / path).read_text())
        assert name in {getattr(node, "name", None) for node in tree.body}


def test_every_folder_has_its_sentence() -> None:
    listed = set(re.findall(r"^\| `([\w/]+/)` \|", PAGE, re.MULTILINE))
    folders = {
        f"{file.parent.relative_to(ROOT)}/"
        for app in APPS
        for file in (ROOT / app).rglob("*.py")
        if not set(file.parts) & set(UNLISTED)
    }
    assert listed == folders

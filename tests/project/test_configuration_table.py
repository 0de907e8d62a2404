"""The table of variables in docs/configuration.md follows from .env.example."""

from __future__ import annotations

import pytest

from scripts.configuration_table import (
    BEGIN,
    END,
    EXAMPLE,
    PAGE,
    Variable,
    parse_variables,
    update_page,
)


def test_the_table_is_current() -> None:
    page = PAGE.read_text()
    assert update_page(page, EXAMPLE.read_text()) == page


def test_a_variable_has_name_default_description_and_group() -> None:
    text = "# Top.\n\n# --- Colours ---\n\n# What\n# it does.\n# SHADE=12=x\n# Other.\nTINT=\n"
    assert parse_variables(text) == [
        Variable("SHADE", "12=x", "What it does.", "Colours"),
        Variable("TINT", "", "Other.", "Colours"),
    ]


def test_a_variable_without_a_description_is_refused() -> None:
    with pytest.raises(ValueError, match="SHADE has no description"):
        parse_variables("# Far away.\n\n# SHADE=1\n")


def test_a_changed_description_changes_the_page() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    text = update_page(page, "# --- G ---\n\n# New.\n# SHADE=1\n")
    assert "### G" in text
    assert "| `SHADE` | `1` | New. |" in text
    assert "old" not in text
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")


def test_a_page_without_the_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="once each"):
        update_page("nothing", "")

"""The README's configuration table is the one that .env.example gives."""

from __future__ import annotations

import pytest

from scripts.configuration_table import BEGIN, END, EXAMPLE, README, Variable, updated, variables


def test_it_is_current() -> None:
    readme = README.read_text()
    assert updated(readme, EXAMPLE.read_text()) == readme


def test_a_variable_has_name_default_description_and_group() -> None:
    text = "# Top.\n\n# --- Colours ---\n\n# What\n# it does.\n# SHADE=12=x\n# Other.\nTINT=\n"
    assert variables(text) == [
        Variable("SHADE", "12=x", "What it does.", "Colours"),
        Variable("TINT", "", "Other.", "Colours"),
    ]


def test_a_variable_without_a_description_is_refused() -> None:
    with pytest.raises(ValueError, match="SHADE has no description"):
        variables("# Far away.\n\n# SHADE=1\n")


def test_a_changed_description_changes_the_readme() -> None:
    readme = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    text = updated(readme, "# --- G ---\n\n# Said.\n# SHADE=1\n")
    assert "| `SHADE` | `1` | Said. |" in text
    assert "old" not in text
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")


def test_a_readme_without_the_place_for_it_is_refused() -> None:
    with pytest.raises(ValueError, match="once each"):
        updated("nothing", "")

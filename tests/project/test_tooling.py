"""Recipes, hooks and the workflow call programs that are there."""

from __future__ import annotations

import re
import runpy
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.project.documents import ROOT

JUSTFILE = (ROOT / "justfile").read_text()


def recipe(name: str) -> str:
    """The commands of one recipe."""
    found = re.search(rf"^{name}\b[^\n]*:\n((?:    .*\n|\n)+)", JUSTFILE, re.MULTILINE)
    assert found, f"the justfile has no recipe {name}"
    return found[1]


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("build", "{{ compose }} build"),
        ("up", "{{ compose }} up -d"),
        ("down", "{{ compose }} down"),
        ("logs", "{{ compose }} logs --follow"),
        ("prune", "{{ compose }} down --volumes"),
        ("up_services", "{{ compose }} up -d"),
        ("run", "./scripts/up"),
        ("test", "./scripts/test"),
        ("check", ".venv/bin/ruff check ."),
        ("check", ".venv/bin/mypy"),
        ("check", ".venv/bin/lint-imports"),
        ("generate", "./scripts/generate"),
        ("lock", "uv pip compile"),
    ],
)
def test_recipe(name: str, command: str) -> None:
    assert command in recipe(name)


def test_recipes_call_what_is_there() -> None:
    assert "--file docker-compose.local.yml" in JUSTFILE
    scripts = re.findall(r"\./(scripts/\w+)", JUSTFILE)
    assert scripts
    for script in scripts:
        assert (ROOT / script).is_file(), script


def test_up_services_starts_everything_but_the_web_server() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.local.yml").read_text())["services"]
    named = recipe("up_services").split("--remove-orphans")[1].split()
    # These two are started by those that wait for them.
    assert set(named) == set(services) - {"django", "migrate", "bucket"}


def test_the_workflow_proves_changes_quickly_and_all_each_night() -> None:
    workflow: dict[Any, Any] = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())
    # YAML 1.1 reads the key `on` as true.
    assert set(workflow[True]) == {"push", "pull_request", "schedule"}
    jobs = workflow["jobs"]
    assert set(jobs) == {"quick", "all"}
    for name, command in (("quick", "./scripts/test"), ("all", "./scripts/test --all")):
        runs = [step["run"] for step in jobs[name]["steps"] if "run" in step]
        assert runs.pop() == command
        # What the command may not install itself there, for want of the right.
        assert all("apt-get install" in run for run in runs)
        assert "3.11" in jobs[name]["strategy"]["matrix"]["python"]
    at_night = "github.event_name == 'schedule' || github.ref_type == 'tag'"
    assert jobs["all"]["if"] == at_night
    assert jobs["quick"]["if"] == at_night.replace("==", "!=").replace("||", "&&")


def test_hooks_download_nothing() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert [repo["repo"] for repo in config["repos"]] == ["local"]
    hooks = config["repos"][0]["hooks"]
    assert hooks
    for hook in hooks:
        assert hook["language"] == "system"
        assert (ROOT / hook["entry"].split()[0]).exists()


def test_reading_the_settings_of_tests_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Type checks read them too, and nobody tidies up after those."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    read = runpy.run_path(str(ROOT / "tests" / "settings.py"))
    location = Path(read["STORAGES"]["default"]["OPTIONS"]["location"])
    assert location.parent == tmp_path
    assert list(tmp_path.iterdir()) == []

"""The list of parts is complete, and each test file belongs to one part."""

from __future__ import annotations

import pytest

from scripts.local.checkout import ROOT
from scripts.testing import parts
from scripts.testing.command import parse
from scripts.testing.part import Part

FILES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("run", [parts.QUICK, parts.WHOLE], ids=["quick", "whole"])
def test_each_test_file_belongs_to_one_part(run: list[Part]) -> None:
    assert len(FILES) > 200
    parts_of = {file: [part.name for part in run if part.covers(file)] for file in FILES}
    assert {file: names for file, names in parts_of.items() if len(names) != 1} == {}


@pytest.mark.parametrize("run", [parts.QUICK, parts.WHOLE], ids=["quick", "whole"])
def test_names_are_unique_and_paths_exist(run: list[Part]) -> None:
    names = [part.name for part in run]
    assert len(set(names)) == len(names)
    for part in run:
        assert set(part.after) <= set(names)
        assert all((ROOT / place).exists() for place in (*part.tests, *part.ignored)), part.name
        assert bool(part.command) != bool(part.tests), part.name


def test_long_seconds_name_existing_parts() -> None:
    assert set(parts.LONG_SECONDS) <= {part.name for part in parts.QUICK}


def test_only_the_quick_run_deselects_long_tests() -> None:
    assert "not (formats or long)" in parts.pytest_options(whole=False)
    assert "not (formats)" in parts.pytest_options(whole=True)


def test_unknown_arguments_are_for_pytest() -> None:
    assert parse(["tests/engine", "-k", "crop"]).pytest == ["tests/engine", "-k", "crop"]
    assert parse(["-x", "--seed", "7"]).pytest == ["-x", "--randomly-seed=7"]
    assert parse(["--seed", "7"]).seed == 7
    assert not parse([]).whole
    assert parse(["--all"]).whole


def test_all_and_some_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--all", "tests/engine"])
    assert "--all runs all tests" in capsys.readouterr().err

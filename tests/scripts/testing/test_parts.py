"""The parts of a proof: complete, and each test file in one of them."""

from __future__ import annotations

import pytest

from scripts.local.bootstrap import ROOT
from scripts.testing import parts
from scripts.testing.command import parse
from scripts.testing.part import Part

FILES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("proof", [parts.QUICK, parts.WHOLE], ids=["quick", "whole"])
def test_each_test_file_is_of_one_part(proof: list[Part]) -> None:
    assert len(FILES) > 200
    of = {file: [part.name for part in proof if part.covers(file)] for file in FILES}
    assert {file: names for file, names in of.items() if len(names) != 1} == {}


@pytest.mark.parametrize("proof", [parts.QUICK, parts.WHOLE], ids=["quick", "whole"])
def test_parts_are_told_apart_and_need_what_is_there(proof: list[Part]) -> None:
    names = [part.name for part in proof]
    assert len(set(names)) == len(names)
    for part in proof:
        assert set(part.after) <= set(names)
        assert all((ROOT / place).exists() for place in (*part.tests, *part.ignored)), part.name
        assert bool(part.command) != bool(part.tests), part.name


def test_only_parts_that_are_there_take_longer_in_the_whole_proof() -> None:
    assert set(parts.LONG_SECONDS) <= {part.name for part in parts.QUICK}


def test_only_the_quick_proof_leaves_out_what_is_long() -> None:
    assert "not (formats or long)" in parts.pytest_options(whole=False)
    assert "not (formats)" in parts.pytest_options(whole=True)


def test_arguments_that_are_not_ours_are_for_pytest() -> None:
    assert parse(["tests/engine", "-k", "crop"]).pytest == ["tests/engine", "-k", "crop"]
    assert parse(["-x", "--seed", "7"]).pytest == ["-x", "--randomly-seed=7"]
    assert parse(["--seed", "7"]).seed == 7
    assert not parse([]).whole
    assert parse(["--all"]).whole


def test_all_and_some_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--all", "tests/engine"])
    assert "--all runs all tests" in capsys.readouterr().err

"""The command line of scripts/up."""

from pathlib import Path

import pytest

from scripts.local.running.options import Options, parse


def test_nothing_given_leaves_the_choice_to_the_mode() -> None:
    assert parse([]) == Options(port=None, data=None, smoke=False, admin=None)


def test_everything_given() -> None:
    arguments = ["--port", "9000", "--data", "/srv/x", "--smoke", "--admin", "a@example.com"]
    expected = Options(port=9000, data=Path("/srv/x"), smoke=True, admin="a@example.com")
    assert parse(arguments) == expected


@pytest.mark.parametrize(
    "arguments", [["--port", "http"], ["--admin", "root"], ["--admin", "a b@c"], ["extra"]]
)
def test_wrong_usage_names_the_value(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        parse(arguments)
    assert arguments[-1] in capsys.readouterr().err

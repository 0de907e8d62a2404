"""The closing line of scripts/test when a check has failed."""

from pathlib import Path

from scripts.local.checks import closing_line

REPORT = """<?xml version="1.0"?><testsuites><testsuite name="pytest" errors="1" failures="2"
skipped="3" tests="16" time="1.5" /></testsuites>"""


def test_failed_checks_are_added_to_the_failed_tests(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    expected = "=== 5 failed, 10 passed === failed checks: mypy, ruff check"
    assert closing_line(report, ["mypy", "ruff check"]) == expected


def test_without_a_report_nothing_has_passed(tmp_path: Path) -> None:
    line = closing_line(tmp_path / "none.xml", ["mypy"])
    assert line == "=== 1 failed, 0 passed === failed checks: mypy"

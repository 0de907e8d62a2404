"""Audit lines are written whatever the level of the log."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import structlog

from tests.audit_lines import captured
from utils import audit

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "api", "webhooks", "image_processor", "image_processing_service")
AUDIT = re.compile(r"_audit|audit\.record\w*")

CODE = """
import django
django.setup()
import structlog
from utils import audit
structlog.get_logger("other").info("not_told")
audit.record("password_changed", user_id=7)
audit.record("login_failed", user_id=None, warning=True)
"""


def test_a_quiet_log_still_tells() -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "image_processing_service.settings",
        "DJANGO_SECRET_KEY": "x" * 50,
        "LOG_LEVEL": "ERROR",
    }
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    told = [(line["logger"], line["event"], line["user_id"], line["level"]) for line in lines]
    assert told == [
        ("audit", "password_changed", 7, "info"),
        ("audit", "login_failed", None, "warning"),
    ]


def test_the_page_names_every_event_with_its_fields() -> None:
    page = described_events()
    code = [path.read_text() for app in APPS for path in (ROOT / app).rglob("*.py")]
    recorded = dict(found for text in code for found in audit_calls(text))
    assert {"login", "account_deleted", "admin_change"} <= recorded.keys()
    assert {name: page.get(name) for name in recorded} == recorded
    # Some names are variables where the line is written.
    assert [name for name in page if f'"{name}"' not in "".join(code)] == []


def test_the_page_names_the_fields_of_every_line() -> None:
    with captured() as lines, structlog.contextvars.bound_contextvars(request_id="", address=""):
        audit.record("login", user_id=7)
    [line] = lines()
    assert set(line) == set(re.findall(r"^\| `(\w+)`", tables()[0], re.MULTILINE))


def tables() -> tuple[str, ...]:
    """The two tables of the page: the fields of every line, and the events."""
    return (ROOT / "docs" / "audit.md").read_text().partition("| event | meaning |")[::2]


def audit_calls(code: str) -> Iterator[tuple[str, set[str]]]:
    """The events that a module records, each with the names of its further fields."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call) or not AUDIT.fullmatch(ast.unparse(node.func)):
            continue
        if isinstance(name := node.args[0], ast.Constant):
            fields = {each.arg for each in node.keywords if each.arg}
            yield str(name.value), fields - {"user_id", "warning"}


def described_events() -> dict[str, set[str]]:
    """The events of the page, each with the further fields that its row names."""
    found: dict[str, set[str]] = {}
    for row in tables()[1].splitlines()[2:]:
        events, _, fields = (re.findall(r"`(\w+)`", cell) for cell in row.strip("|").split("|"))
        found |= {event: set(fields) for event in events}
    return found

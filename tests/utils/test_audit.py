"""Audit lines are written whatever the level of the log."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "api", "webhooks", "image_processor", "image_processing_service")
RECORDED = re.compile(r"""audit(?:\.record\w*)?\(\s*["'](\w+)["']""")

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


def test_every_event_is_described() -> None:
    code = [path.read_text() for app in APPS for path in (ROOT / app).rglob("*.py")]
    recorded = {name for text in code for name in RECORDED.findall(text)}
    assert {"login", "account_deleted", "admin_change"} <= recorded
    described = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "audit.md").read_text()))
    assert recorded <= described, recorded - described

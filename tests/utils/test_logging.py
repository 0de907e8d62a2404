"""All programs log through one configuration: JSON, at `LOG_LEVEL`, also into the file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Each program configures loggers before the lines below are written.
WEB = """
from gunicorn.app.wsgiapp import WSGIApplication
sys.argv = ["gunicorn", "--config", "python:image_processing_service.web.configuration", "a:b"]
from gunicorn.glogging import Logger
Logger(WSGIApplication().cfg)
"""
WORKER = """
from image_processing_service.celery import app
app.log.setup(loglevel="INFO", redirect_stdouts=True)
"""
LINES = """
import logging, structlog
def write(*names):
    for name in names:
        for level in ("debug", "info", "warning", "error"):
            getattr(logging.getLogger(name), level)("%s says %s", name, level)
write("gunicorn.error", "gunicorn.access", "celery.worker.strategy", "celery.beat",
      "celery.apps.worker", "django", "django.server", "multiprocessing", "axes", "botocore.auth",
      "kombu")
for level in ("debug", "info", "warning", "error"):
    getattr(structlog.get_logger("ours"), level)("line", of="ours")
uri = "/files/" + "t" * 99 + "?a=b"
logging.getLogger("gunicorn.error").error("Error handling request %s", uri)
try:
    open(uri)
except OSError:
    structlog.get_logger("ours").exception("failed", sources=[{"uri": uri}, ValueError(uri)])
"""


def lines_of(program: str, path: Path, **environment: str) -> list[dict[str, Any]]:
    """Run the code and return the lines, which standard error and the file must both have."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{program}{LINES}"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "image_processing_service.settings",
            "DJANGO_SECRET_KEY": "x" * 50,
            "LOG_FILE_PATH": str(path),
            **environment,
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    # A library's line gets its time when it is formatted, once for each place.
    lines, copies = (
        [{**json.loads(line), "timestamp": ""} for line in text.splitlines()]
        for text in (done.stderr, path.read_text())
    )
    assert lines == copies
    return lines


def levels_of(lines: list[dict[str, Any]]) -> dict[str, list[str]]:
    levels: dict[str, list[str]] = {}
    for line in lines:
        levels.setdefault(line["logger"], []).append(line["level"])
    return levels


@pytest.mark.parametrize("program", [WEB, WORKER], ids=["web", "worker"])
def test_every_program_logs_in_the_same_way(program: str, tmp_path: Path) -> None:
    lines = lines_of(program, tmp_path / "service.log")
    loud = ["info", "warning", "error"]
    assert (
        levels_of(lines)
        == {
            "gunicorn.error": [*loud, "error"],  # and no access log: it would hold tokens
            "celery.worker.strategy": loud[1:],
            "celery.beat": loud[1:],
            "celery.apps.worker": loud,
            "django": loud,
            "django.server": loud[1:],
            "multiprocessing": loud[2:],
            "axes": loud[1:],
            "botocore.auth": loud,
            "kombu": loud,
            "ours": [*loud, "error"],
        }
    )
    assert lines[0]["event"] == "gunicorn.error says info"
    assert lines[-2]["event"] == "Error handling request /files/tttttttt..."
    assert "No such file or directory: '/files/tttttttt...'" in lines[-1]["exception"]
    assert lines[-1]["sources"] == [
        {"uri": "/files/tttttttt..."},
        "ValueError('/files/tttttttt...')",
    ]


def test_only_errors_are_logged_at_the_level_error(tmp_path: Path) -> None:
    lines = lines_of(WEB, tmp_path / "service.log", LOG_LEVEL="ERROR", DEBUG="True")
    assert {line["level"] for line in lines} == {"error"}


def test_at_debug_a_worker_names_its_messages_and_libraries_no_secrets(tmp_path: Path) -> None:
    lines = lines_of(WORKER, tmp_path / "service.log", LOG_LEVEL="DEBUG", DEBUG="True")
    levels = levels_of(lines)
    assert levels["ours"][0] == levels["celery.worker.strategy"][0] == "debug"
    # At DEBUG they would write signatures of requests, arguments of tasks, and SQL.
    assert levels["botocore.auth"][0] == levels["django"][0] == "info"

"""Pass error reports, which the web page sends from users' browsers, to the log and to Sentry.

Anyone can send any report, so a report is only data: one JSON line of the log, in which line
breaks are escaped, and a Sentry event whose texts stand in separate fields.
"""

from __future__ import annotations

from typing import Any

import structlog
from django.conf import settings

from utils.logged_addresses import shorten_address

log = structlog.get_logger("page")

MAX_USER_AGENT = 300


def record(report: dict[str, str], *, user_agent: str) -> None:
    """Log a report and send it to Sentry, if Sentry is configured.

    `report` has `message` and any of `stack`, `url`, `component`, `release`. `url` is shortened,
    because links to reset a password hold a secret.
    """
    report = {**report, "user_agent": user_agent[:MAX_USER_AGENT]}
    if "url" in report:
        report["url"] = shorten_address(report["url"])
    # Only a warning: Sentry turns logged errors into events, and `_send` already sends one.
    log.warning("page_error", **report)
    if settings.SENTRY_DSN:
        _send(report)


def _send(report: dict[str, str]) -> None:
    import sentry_sdk

    event: dict[str, Any] = {
        "level": "error",
        "logger": "page",
        "logentry": {"formatted": report["message"]},
        "extra": {name: report[name] for name in ("stack", "user_agent") if name in report},
        "tags": {"component": report["component"]} if "component" in report else {},
    }
    if "release" in report:
        event["release"] = report["release"]
    if "url" in report:
        event["request"] = {"url": report["url"]}
    sentry_sdk.capture_event(event)  # type: ignore[arg-type]

"""Errors that happened in somebody's browser, told by the page that they happened on.

Anybody can send anything, so a report is data and nothing else: one JSON line of the log, in
which line breaks are escaped, and an event of Sentry whose texts stand in fields of their own.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings

log = structlog.get_logger("page")

MAX_USER_AGENT = 300


def record(report: dict[str, str], *, user_agent: str) -> None:
    """Log a report and pass it on to Sentry, if that is configured.

    `report` has `message` and any of `stack`, `url`, `component`, `release`. Query and fragment
    of the address are left out: links to reset a password and to confirm an address have a
    secret there.
    """
    told = {**report, "user_agent": user_agent[:MAX_USER_AGENT]}
    if "url" in told:
        told["url"] = _without_secrets(told["url"])
    # A warning: Sentry makes an event of every error of the log, and this is told it as it is.
    log.warning("page_error", **told)
    if settings.SENTRY_DSN:
        _send(told)


def _without_secrets(url: str) -> str:
    try:
        return urlsplit(url)._replace(query="", fragment="").geturl()
    except ValueError:
        return url.partition("?")[0].partition("#")[0]


def _send(told: dict[str, str]) -> None:
    import sentry_sdk

    event: dict[str, Any] = {
        "level": "error",
        "logger": "page",
        "logentry": {"formatted": told["message"]},
        "extra": {name: told[name] for name in ("stack", "user_agent") if name in told},
        "tags": {"component": told["component"]} if "component" in told else {},
    }
    if "release" in told:
        event["release"] = told["release"]
    if "url" in told:
        event["request"] = {"url": told["url"]}
    sentry_sdk.capture_event(event)  # type: ignore[arg-type]

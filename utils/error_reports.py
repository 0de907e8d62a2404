"""Errors, sent to Sentry: one event for each, without personal data.

Every line of the log at the level ERROR becomes an event, as does every error that nobody caught.
"""

from __future__ import annotations

import logging
import re
from typing import Any

import sentry_sdk
import structlog
from sentry_sdk.integrations.logging import LoggingIntegration

from utils.logged_addresses import map_texts, shorten_address, shorten_addresses

# Members of a line that Sentry has elsewhere, or must not have.
_NOT_SENT = {"event", "level", "logger", "timestamp", "exc_info", "request_id", "address"}
# PostgreSQL quotes the values of a row here, such as an e-mail address that exists already.
_ROW = re.compile(r"^(DETAIL|CONTEXT): .*", re.MULTILINE | re.DOTALL)


def start(*, dsn: str, environment: str, release: str) -> None:
    """Send the errors of this process, and of those that it forks, from now on."""
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release or None,
        before_send=describe,  # type: ignore[arg-type]  # dictionaries of the same form
        integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
        # Bodies and local variables may hold passwords and tokens. Breadcrumbs hold the addresses
        # that users import from.
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,
        auto_session_tracking=False,  # only errors are sent
    )


def flush(seconds: float) -> None:
    """Wait until Sentry has the events of this process, for so many seconds at most.

    A background thread sends them, which `os._exit` ends.
    """
    sentry_sdk.flush(seconds)


def describe(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """Give an event the fields of the line that it was made of, and remove personal data."""
    fields = dict(structlog.contextvars.get_contextvars())
    record: logging.LogRecord | None = hint.get("log_record")
    if record is not None:
        line: Any = record.msg  # a dictionary if structlog made the record
        fields |= line if isinstance(line, dict) else {"event": record.getMessage()}
        event["logentry"] = {"formatted": fields["event"]}
        event["extra"] = {name: fields[name] for name in fields if name not in _NOT_SENT}
    if request_id := fields.get("request_id"):
        event["tags"] = {**event.get("tags", {}), "request_id": request_id}
    if request := event.get("request"):
        event["request"] = {
            name: shorten_address(value) if name == "url" else value
            for name, value in request.items()
            if name in ("url", "method")
        }
    event.pop("user", None)
    described: dict[str, Any] = map_texts(event, _remove_secrets)
    return described


def _remove_secrets(text: str) -> str:
    """Return the text with shortened addresses, and without the values of rows."""
    return _ROW.sub(r"\1: ...", shorten_addresses(text))

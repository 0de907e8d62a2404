"""Reading the audit lines as they are shipped: JSON, one object a line."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog


class AuditLines:
    """The lines that were written since this was made."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    def __call__(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    def events(self) -> list[str]:
        return [line["event"] for line in self()]

    def only(self, event: str) -> dict[str, Any]:
        """The one line with this event."""
        (line,) = [line for line in self() if line["event"] == event]
        return line


@contextmanager
def captured(logger_name: str = "audit") -> Iterator[AuditLines]:
    """What this logger writes, by the formatter of the service's own handlers."""
    (formatter, *_) = [
        handler.formatter
        for handler in logging.getLogger().handlers
        if isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)
    ]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.getLogger(logger_name)
    logger.addHandler(handler)
    try:
        yield AuditLines(stream)
    finally:
        logger.removeHandler(handler)

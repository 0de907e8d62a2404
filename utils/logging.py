"""JSON log lines: one object a line, on standard error and, if asked for, in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import structlog


def logging_config(*, level: str, file_path: str) -> dict[str, Any]:
    """Django's LOGGING for structlog and for the libraries that use `logging`.

    `file_path` (`LOG_FILE_PATH`) is what a log shipper such as Filebeat reads; its folder is
    made if it is missing, and the file may be rotated by moving it away.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handlers: dict[str, Any] = {"console": {"class": "logging.StreamHandler", "formatter": "json"}}
    if file_path:
        Path(file_path).parent.mkdir(parents=True, exist_ok=True)
        handlers["file"] = {
            "class": "logging.handlers.WatchedFileHandler",
            "filename": file_path,
            "formatter": "json",
            "delay": True,
        }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(),
                ],
            }
        },
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": level},
        "loggers": {
            # Already said by django_structlog, with the request's id.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
            "audit": {"level": "INFO"},
        },
    }

"""JSON log lines: one object per line, on standard error and optionally in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import structlog


def logging_config(*, level: str, file_path: str) -> dict[str, Any]:
    """Return Django's LOGGING for structlog and for libraries that use `logging`.

    A log shipper such as Filebeat reads `file_path` (`LOG_FILE_PATH`; "" means no file). The
    folder is created if it is missing. The file can be rotated by moving it away.
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
            # django_structlog logs the same, with the request id.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
            "audit": {"level": "INFO"},
        },
    }

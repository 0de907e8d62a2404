"""JSON log lines: one object per line, on standard error and optionally in a file.

This is the only configuration of loggers. The web server, the workers and the scheduler use it,
too, so every line passes the handlers of the root logger, and `LOG_LEVEL` counts everywhere.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import structlog

from utils.logged_addresses import map_texts, shorten_addresses

# They bring handlers of their own, or get some from Django or from the web server.
WITH_OWN_HANDLERS = (
    *("django", "django.server", "celery", "celery.task", "multiprocessing"),
    "gunicorn.error",
)
# `api.http.request_log` writes a line for each request, without the tokens in its address. The
# line of a request that a scanner got wrong has the status 400, so Django need not write another
# one with a traceback.
SILENT = ("gunicorn.access", "django.security")
# They write a line for each message, and an idle service sends several a second. At DEBUG they
# write it nevertheless.
LINE_PER_MESSAGE = ("celery.worker.strategy", "celery.app.trace", "celery.beat")
# At DEBUG they write requests with signatures, arguments with e-mail addresses, or SQL.
CAPPED_AT_INFO = ("django", "botocore", "boto3", "s3transfer", "urllib3", "celery.pool")


def logging_config(
    *, level: str, file_path: str, file_max_bytes: int, file_backups: int
) -> dict[str, Any]:
    """Return Django's LOGGING for structlog, and for libraries that use `logging` or `warnings`.

    A log shipper such as Filebeat reads `file_path` (`LOG_FILE_PATH`; "" means no file). The
    folder is created if it is missing.
    """
    logging.captureWarnings(True)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, _wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handlers: dict[str, Any] = {"console": {"class": "logging.StreamHandler", "formatter": "json"}}
    if file_path:
        Path(file_path).parent.mkdir(parents=True, exist_ok=True)
        handlers["file"] = {
            "class": "utils.rotated_file.RotatedFile",
            "filename": file_path,
            "max_bytes": file_max_bytes,
            "backups": file_backups,
            "formatter": "json",
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
                    structlog.processors.format_exc_info,
                    _shorten_addresses,
                    structlog.processors.JSONRenderer(),
                ],
            }
        },
        "filters": {"uncaught": {"()": UncaughtErrors}},
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": level},
        "loggers": _loggers(level),
    }


class UncaughtErrors(logging.Filter):
    """Of Django's lines about requests, keep those with the traceback of an uncaught error.

    `api.http.request_log` writes a line for every request.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = "request.failed", ()
        return bool(record.exc_info) and record.levelno >= logging.ERROR


def _loggers(level: str) -> dict[str, dict[str, Any]]:
    def at_least(lowest: str) -> str:
        return max(level, lowest, key=lambda name: logging.getLevelNamesMapping()[name])

    loggers: dict[str, dict[str, Any]] = {
        name: {"handlers": [], "level": "NOTSET", "propagate": True}
        for name in (*WITH_OWN_HANDLERS, *SILENT)
    }
    levels = {
        **dict.fromkeys(CAPPED_AT_INFO, at_least("INFO")),
        **dict.fromkeys(LINE_PER_MESSAGE, level if level == "DEBUG" else at_least("WARNING")),
        "django.server": at_least("WARNING"),
        "axes": at_least("WARNING"),
        "multiprocessing": at_least("ERROR"),  # as Celery does; below are steps of each child
        "audit": "INFO",
        **dict.fromkeys(SILENT, "CRITICAL"),
    }
    for name, lowest in levels.items():
        loggers.setdefault(name, {})["level"] = lowest
    loggers["django.request"] = {"filters": ["uncaught"]}
    return loggers


def _shorten_addresses(_logger: Any, _name: str, event: Any) -> Any:
    """Shorten the addresses in all texts of a line, also in its traceback."""
    return map_texts(event, shorten_addresses)


def _wrap_for_formatter(logger: Any, name: str, event: Any) -> Any:
    """Hand the exception to `logging`, too, so that Sentry finds it where it looks for it."""
    arguments, options = structlog.stdlib.ProcessorFormatter.wrap_for_formatter(logger, name, event)
    return arguments, {**options, "exc_info": event.get("exc_info")}

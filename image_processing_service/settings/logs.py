"""Logs, reports of errors, and the debugger."""

from __future__ import annotations

from image_processing_service.env import env
from image_processing_service.settings.core import DEBUG
from utils.logging import logging_config

LOGGING = logging_config(
    level=env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
    file_path=env.str("LOG_FILE_PATH", default=""),
    file_max_bytes=env.whole("LOG_FILE_MAX_MB", 20, least=1, most=1024) * 1024 * 1024,
    file_backups=env.whole("LOG_FILE_BACKUPS", 4, least=1, most=100),
)
SENTRY_DSN = env.str("SENTRY_DSN", default="")
SENTRY_ENVIRONMENT = env.str("SENTRY_ENVIRONMENT", default="production")
SENTRY_RELEASE = env.str("SENTRY_RELEASE", default="")
if SENTRY_DSN:
    from utils import error_reports  # the library takes a quarter of a second

    error_reports.start(dsn=SENTRY_DSN, environment=SENTRY_ENVIRONMENT, release=SENTRY_RELEASE)

REMOTE_DEBUGGING_PORT = env.whole("REMOTE_DEBUGGING_PORT", 0, most=65_535) if DEBUG else 0
REMOTE_DEBUGGING_HOST = env.str("REMOTE_DEBUGGING_HOST", default="127.0.0.1")

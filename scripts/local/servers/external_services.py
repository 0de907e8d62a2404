"""Check the external database, broker and cache that the environment names.

The check comes before anything is started, so that a wrong address gives one sentence and not a
stack trace in one of eight logs.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import environ
import psycopg2
import redis
from django.core.exceptions import ImproperlyConfigured
from kombu.connection import Connection

from scripts.local.terminal import StartError
from utils import broker

TIMEOUT = 3  # seconds


def names_database(environment: Mapping[str, str]) -> bool:
    """Whether the environment names an external database."""
    return bool(environment.get("DATABASE_URL") or environment.get("DB_HOST"))


def names_redis(environment: Mapping[str, str]) -> bool:
    """Whether the environment names both the broker and the cache."""
    return bool(environment.get("CELERY_BROKER_URL") and environment.get("CACHE_REDIS_URL"))


def require_answers(environment: Mapping[str, str]) -> None:
    """Raise StartError with the variable's name unless every named service answers."""
    if names_database(environment):
        _require_database(environment)
    if environment.get("CELERY_BROKER_URL"):
        _require_broker(environment["CELERY_BROKER_URL"])
    if environment.get("CACHE_REDIS_URL"):
        _require_cache(environment["CACHE_REDIS_URL"])


def database_url(environment: Mapping[str, str]) -> str:
    """Return DATABASE_URL, or the same address built from the DB_* variables."""
    if environment.get("DATABASE_URL"):
        return environment["DATABASE_URL"]
    user = quote(environment.get("DB_USER", "image_processing_user"), safe="")
    password = quote(environment.get("DB_PASSWORD", ""), safe="")
    name = quote(environment.get("DB_NAME", "image_processing_db"), safe="")
    port = environment.get("DB_PORT") or "5432"
    return f"postgres://{user}:{password}@{environment['DB_HOST']}:{port}/{name}"


def _require_database(environment: Mapping[str, str]) -> None:
    variable = "DATABASE_URL" if environment.get("DATABASE_URL") else "DB_HOST"
    url = database_url(environment)
    if urlsplit(url).scheme not in ("postgres", "postgresql", "psql", "pgsql"):
        raise StartError(
            f"{variable} must name a PostgreSQL database (postgres://...), "
            f"not {urlsplit(url).scheme or 'a bare word'}."
        )
    try:
        config = environ.Env.db_url_config(url)
        host, port = config["HOST"] or "localhost", int(config["PORT"] or 5432)
    except ValueError as error:
        raise StartError(f"{variable} cannot be read: {error}.") from error
    try:
        psycopg2.connect(
            host=host,
            port=port,
            user=config["USER"] or None,
            password=config["PASSWORD"] or None,
            dbname=config["NAME"],
            connect_timeout=TIMEOUT,
            **{"sslmode": "prefer", **_text_options(config.get("OPTIONS"))},
        ).close()
    except psycopg2.Error as error:
        raise StartError(
            f"{variable} names the database {config['NAME']} at {host}:{port}, "
            f"which cannot be used: {_reason(error)}."
        ) from error


def _text_options(options: object) -> dict[str, str]:
    every = options if isinstance(options, dict) else {}
    return {name: value for name, value in every.items() if isinstance(value, str)}


def _require_broker(url: str) -> None:
    try:
        connection: Any = Connection(  # type: ignore[no-untyped-call]
            url, connect_timeout=TIMEOUT, transport_options=broker.options(url)
        )
        address = connection.as_uri()  # without the password
    except ImproperlyConfigured as error:
        raise StartError(str(error)) from error
    except (KeyError, ValueError) as error:
        raise StartError(f"CELERY_BROKER_URL cannot be read: {error}.") from error
    with connection:
        try:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=TIMEOUT)
            connection.default_channel  # noqa: B018 - Redis connects only here
        except Exception as error:  # each transport has its own error classes
            raise StartError(
                f"CELERY_BROKER_URL names {address}, which does not answer: {_reason(error)}."
            ) from error


def _require_cache(url: str) -> None:
    try:
        client = redis.Redis.from_url(url, socket_connect_timeout=TIMEOUT, socket_timeout=TIMEOUT)
    except ValueError as error:
        raise StartError(f"CACHE_REDIS_URL cannot be read: {error}.") from error
    try:
        client.ping()
    except redis.RedisError as error:
        place = urlsplit(url)
        raise StartError(
            f"CACHE_REDIS_URL names {place.hostname}:{place.port or 6379}, "
            f"which does not answer: {_reason(error)}."
        ) from error
    finally:
        client.close()


def _reason(error: BaseException) -> str:
    """Return the end of the error's first line, which names the cause."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rpartition("failed: ")[2].strip().rstrip(".")

"""PostgreSQL."""

from __future__ import annotations

from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured

from image_processing_service.env import env


def _database() -> dict[str, object]:
    """Read `DATABASE_URL`, or the `DB_*` variables of the Compose files."""
    url = env.str("DATABASE_URL", default="")
    if not url:
        host = env.str("DB_HOST", default="localhost")
        port = env.str("DB_PORT", default="5432")
        user = quote(env.str("DB_USER", default="image_processing_user"), safe="")
        password = quote(env.str("DB_PASSWORD", default=""), safe="")
        name = quote(env.str("DB_NAME", default="image_processing_db"), safe="")
        url = f"postgres://{user}:{password}@{host}:{port}/{name}"
    config: dict[str, object] = env.db_url_config(url)
    if config.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database (postgres://...).")
    options = {"connect_timeout": 5, **(config.get("OPTIONS") or {})}  # type: ignore[dict-item]
    return {**config, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


DATABASES = {"default": _database()}

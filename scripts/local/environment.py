"""The environment that every program of the stack gets."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import environ

from scripts.local.bootstrap import PYTHON, ROOT
from scripts.local.data_folder import DataFolder
from scripts.local.postgres import Postgres
from scripts.local.redis_server import Redis
from scripts.local.secret_files import secret

DATABASE_VARIABLES = ("DATABASE_URL", "DB_HOST")


def with_dotenv(given: Mapping[str, str], path: Path = ROOT / ".env") -> dict[str, str]:
    """Return the given environment, completed by the `.env` file; what is given wins."""

    class File(environ.Env):  # type: ignore[misc]  # the library is not typed
        """django-environ's reader, writing to a dictionary instead of os.environ."""

        ENVIRON: ClassVar[dict[str, str]] = dict(given)

    File.read_env(path, overwrite=False)
    return File.ENVIRON


def names_database(given: Mapping[str, str]) -> bool:
    """Whether the environment names a database of its own."""
    return any(given.get(name) for name in DATABASE_VARIABLES)


def names_redis(given: Mapping[str, str]) -> bool:
    """Whether the environment names both the broker and the cache."""
    return bool(given.get("CELERY_BROKER_URL") and given.get("CACHE_REDIS_URL"))


def complete(
    given: Mapping[str, str],
    data: DataFolder,
    postgres: Postgres | None,
    redis: Redis | None,
    public_url: str,
) -> dict[str, str]:
    """Return the environment for the programs: what is given, and a value for what is not."""
    defaults = {
        "DEBUG": "False",
        "MEDIA_ROOT": str(data.path / "media"),
        "STATIC_ROOT": str(data.path / "static"),
        "PUBLIC_URL": public_url,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "CORS_ALLOWED_ORIGINS": "http://localhost:3000",
        "EMAIL_URL": "consolemail://",
        "PYTHONUNBUFFERED": "1",
    }
    if not given.get("DJANGO_SECRET_KEY"):
        defaults["DJANGO_SECRET_KEY"] = secret(data.secrets, "django-secret-key")
    if postgres:
        defaults["DATABASE_URL"] = postgres.url
    if redis:
        defaults["CELERY_BROKER_URL"] = redis.url(0)
        defaults["CACHE_REDIS_URL"] = redis.url(1)
    # A name that is there but empty was not given.
    environment = {**defaults, **{name: value for name, value in given.items() if value}}
    # Left over from another project, or from a test run of this one.
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    # Programs that look for their own tools find those of the virtual environment first.
    environment["PATH"] = f"{PYTHON.parent}:{environment.get('PATH', '/usr/bin:/bin')}"
    return environment

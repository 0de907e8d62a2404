"""The environment variables of every program of the service."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

import environ

from scripts.local.checkout import PYTHON, ROOT
from scripts.local.servers.data_folder import DataFolder
from scripts.local.servers.postgres import Postgres
from scripts.local.servers.redis_server import Redis
from scripts.local.servers.secret_files import secret


def add_dotenv(environment: Mapping[str, str], path: Path = ROOT / ".env") -> dict[str, str]:
    """Return the environment, and from the `.env` file the variables that it lacks."""

    class Reader(environ.Env):  # type: ignore[misc]  # the library is not typed
        """django-environ's reader, writing to a dictionary instead of os.environ."""

        ENVIRON: ClassVar[dict[str, str]] = dict(environment)

    Reader.read_env(path, overwrite=False)
    return Reader.ENVIRON


def complete_environment(
    given_environment: Mapping[str, str],
    data: DataFolder,
    postgres: Postgres | None,
    redis: Redis | None,
    public_url: str,
) -> dict[str, str]:
    """Return the environment for the programs: `given_environment` with defaults."""
    defaults = {
        "DEBUG": "False",
        "MEDIA_ROOT": str(data.path / "media"),
        "STATIC_ROOT": str(data.path / "static"),
        "PUBLIC_URL": public_url,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "CORS_ALLOWED_ORIGINS": "http://localhost:3000",
        "EMAIL_URL": f"filemail:///{quote(str(data.mails))}",
        "PYTHONUNBUFFERED": "1",
    }
    if not given_environment.get("DJANGO_SECRET_KEY"):
        defaults["DJANGO_SECRET_KEY"] = secret(data.secrets, "django-secret-key")
    if postgres:
        defaults["DATABASE_URL"] = postgres.url
    if redis:
        defaults["CELERY_BROKER_URL"] = redis.url(0)
        defaults["CACHE_REDIS_URL"] = redis.url(1)
    # An empty value counts as missing.
    environment = {
        **defaults,
        **{name: value for name, value in given_environment.items() if value},
    }
    # The shell may have it from another project, or from a test run of this one.
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    # Programs that look up their tools on PATH find those of the virtual environment first.
    environment["PATH"] = f"{PYTHON.parent}:{environment.get('PATH', '/usr/bin:/bin')}"
    return environment

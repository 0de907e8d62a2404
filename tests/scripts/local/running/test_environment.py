"""What the programs of the stack find in their environment."""

from pathlib import Path

import pytest

from scripts.local.running.environment import add_dotenv, complete_environment
from scripts.local.servers.data_folder import DataFolder
from scripts.local.servers.external_services import database_url, names_database, names_redis


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text('# mine\nDATABASE_URL="postgres://from-file/x"\nWEB_THREADS=4\n')
    given = add_dotenv({"WEB_THREADS": "2"}, path)
    assert given == {"WEB_THREADS": "2", "DATABASE_URL": "postgres://from-file/x"}


def test_a_missing_file_changes_nothing(tmp_path: Path) -> None:
    assert add_dotenv({"A": "1"}, tmp_path / ".env") == {"A": "1"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, (False, False)),
        ({"DATABASE_URL": ""}, (False, False)),
        ({"DATABASE_URL": "postgres://h/x"}, (True, False)),
        ({"DB_HOST": "h"}, (True, False)),
        ({"CELERY_BROKER_URL": "redis://h"}, (False, False)),
        ({"CELERY_BROKER_URL": "amqp://h", "CACHE_REDIS_URL": "redis://h"}, (False, True)),
    ],
)
def test_embedded_services_stand_in_for_what_is_not_named(
    given: dict[str, str], expected: tuple[bool, bool]
) -> None:
    assert (names_database(given), names_redis(given)) == expected


def test_what_is_given_is_kept_and_the_rest_completed(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    given = {"DEBUG": "True", "PUBLIC_URL": "", "LOG_FILE_PATH": "x.log", "PATH": "/bin"}
    given["DJANGO_SETTINGS_MODULE"] = "another.project"
    environment = complete_environment(given, data, None, None, "http://127.0.0.1:8000")
    data.close()
    assert environment["DEBUG"] == "True"
    assert environment["PUBLIC_URL"] == "http://127.0.0.1:8000"
    assert "DJANGO_SETTINGS_MODULE" not in environment
    assert environment["LOG_FILE_PATH"] == "x.log"
    assert environment["MEDIA_ROOT"] == str(tmp_path / "media")
    key = (tmp_path / "secrets" / "django-secret-key").read_text().strip()
    assert environment["DJANGO_SECRET_KEY"] == key


def test_a_given_secret_key_is_not_generated(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    environment = complete_environment({"DJANGO_SECRET_KEY": "given"}, data, None, None, "http://x")
    data.close()
    assert environment["DJANGO_SECRET_KEY"] == "given"
    assert list((tmp_path / "secrets").iterdir()) == []


def test_the_db_variables_make_up_an_address() -> None:
    given = {"DB_HOST": "db", "DB_USER": "me", "DB_PASSWORD": "p@ss", "DB_NAME": "x"}
    assert database_url(given) == "postgres://me:p%40ss@db:5432/x"

"""`.env.example` names every variable that is read, and none that is not."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from scripts.configuration_table import parse_variables
from tests.builders.environments import settings_of

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = {
    variable.name: variable for variable in parse_variables((ROOT / ".env.example").read_text())
}

IN_THE_FIRST_README = {
    "DJANGO_SECRET_KEY",
    "DEBUG",
    "DB_NAME",
    "DB_USER",
    "DB_PASSWORD",
    "DB_HOST",
    "DB_PORT",
    "CELERY_BROKER_URL",
    "CACHE_REDIS_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_STORAGE_BUCKET_NAME",
    "AWS_S3_REGION_NAME",
    "SENTRY_DSN",
    "LOG_FILE_PATH",
    "ACCESS_TOKEN_LIFETIME",
    "REFRESH_TOKEN_LIFETIME",
    "IMAGE_MAX_PIXEL_SIZE",
    "IMAGE_MIN_PIXEL_SIZE",
    "REMOTE_DEBUGGING_PORT",
}
# Set by the machine or meant for other programs; nobody configures the service with them.
NOT_OURS = {
    "DEBIAN_FRONTEND",
    "DJANGO_SETTINGS_MODULE",
    "HOME",
    "LOGNAME",
    "PATH",
    "PIP_ROOT_USER_ACTION",
    "TMPDIR",
    "USER",
}
# Read by `docker compose` itself.
READ_BY_COMPOSE = {"COMPOSE_FILE"}
# Their defaults are full paths, which depend on the folder of the checkout.
NO_FIXED_DEFAULT = {"MEDIA_ROOT", "STATIC_ROOT", "FRONTEND_ROOT"}

READ_BY_PYTHON = re.compile(
    r"""(?:environ|environment|given|getenv)(?:\.get)?[\[(]\s*["']([A-Z][A-Z0-9_]+)["']"""
)
READ_BY_SHELL = re.compile(r"\$\{([A-Z][A-Z0-9_]+)")

SETTINGS = """
import json, re
from django.conf import settings
from image_processing_service.env import Environment
values = {
    name: re.sub(" at 0x[0-9a-f]+", "", repr(getattr(settings, name)))
    for name in dir(settings)
    if name.isupper()
}
print(json.dumps([sorted(Environment.names), values]))
"""


@cache
def settings(*lines: str) -> tuple[set[str], dict[str, str]]:
    """Names read and values found by the settings in an environment of exactly these lines."""
    environment = {
        "DJANGO_SETTINGS_MODULE": "image_processing_service.settings",
        "DJANGO_SECRET_KEY": "for-this-test-only-" + "x" * 32,
        "PYTHONHASHSEED": "0",  # so that sets print in one order
        # Present and empty, so that a `.env` in the checkout does not fill them in.
        "DATABASE_URL": "",
        "SENTRY_DSN": "",
        **dict(line.split("=", 1) for line in lines),
    }
    output = subprocess.run(
        [sys.executable, "-c", SETTINGS],
        cwd=ROOT,
        env=environment,
        check=True,
        text=True,
        capture_output=True,
    ).stdout
    names, values = json.loads(output)
    return set(names), values


def read_by_files() -> set[str]:
    """Names that scripts, start scripts and Compose files read from the environment."""
    names: set[str] = set()
    for folder in ("scripts", "compose"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                text = path.read_text(errors="replace")
                names |= set(READ_BY_PYTHON.findall(text))
                if path.suffix != ".py" and path.name != "Dockerfile":
                    names |= set(READ_BY_SHELL.findall(text))
    for path in ROOT.glob("docker-compose.*.yml"):
        names |= set(READ_BY_SHELL.findall(path.read_text()))
    return (names | READ_BY_COMPOSE) - NOT_OURS


def test_every_variable_that_is_read_is_described() -> None:
    read = settings()[0] | read_by_files()
    assert sorted(read - set(EXAMPLE)) == []


def test_every_variable_that_is_described_is_read() -> None:
    read = settings("DEBUG=True")[0] | read_by_files()
    assert sorted(set(EXAMPLE) - read) == []


def test_every_name_of_the_first_readme_is_there() -> None:
    assert sorted(IN_THE_FIRST_README - set(EXAMPLE)) == []


def test_the_defaults_shown_are_the_defaults() -> None:
    lines = [
        f"{variable.name}={variable.default}"
        for variable in EXAMPLE.values()
        if variable.default and variable.name not in NO_FIXED_DEFAULT
    ]
    assert len(lines) > 30
    plain, shown = settings()[1], settings(*lines)[1]
    assert {name: value for name, value in shown.items() if plain.get(name) != value} == {}


def test_a_copy_sets_nothing_until_it_is_edited() -> None:
    # So that ./scripts/up and the tests go on as before beside a fresh `.env`.
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == [
        "DJANGO_SECRET_KEY=",
        "COMPOSE_FILE=docker-compose.local.yml",  # read by Compose only
    ]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DJANGO_SECRET_KEY", "", "DJANGO_SECRET_KEY is not set"),
        ("DJANGO_SECRET_KEY", "short", "DJANGO_SECRET_KEY has 5 characters"),
        ("PUBLIC_URL", "example.com", "PUBLIC_URL is 'example.com'"),
        ("AWS_S3_ENDPOINT_URL", "store:8333", "AWS_S3_ENDPOINT_URL is 'store:8333'"),
        ("IMAGE_MAX_PIXELS", "0", "IMAGE_MAX_PIXELS is 0; it must be at least 1"),
        ("OUTBOUND_ALLOWED_NETWORKS", "10.0.0.1/8", "OUTBOUND_ALLOWED_NETWORKS must be networks"),
        ("OUTBOUND_ALLOWED_PORTS", "80,0", "OUTBOUND_ALLOWED_PORTS holds 0"),
        ("OUTBOUND_ALLOWED_PORTS", "http", "OUTBOUND_ALLOWED_PORTS has an invalid value"),
        ("USER_THROTTLE_RATE", "many", "USER_THROTTLE_RATE is 'many'"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL is 'LOUD'"),
        ("DATABASE_URL", "sqlite:///x", "DATABASE_URL must name a PostgreSQL database"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_in_a_sentence(
    name: str, value: str, said: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        settings_of(**{name: value})
    assert said in str(refusal.value)


def test_a_megabyte_of_the_log_is_that_of_all_limits(tmp_path: Path) -> None:
    found = settings_of(LOG_FILE_PATH=str(tmp_path / "service.log"), LOG_FILE_MAX_MB="2")
    assert found["LOGGING"]["handlers"]["file"]["max_bytes"] == 2 * 1024 * 1024


def test_a_start_that_is_refused_says_this_sentence_and_no_more() -> None:
    environment = {**os.environ, "PUBLIC_URL": "example.com"}
    environment["DJANGO_SETTINGS_MODULE"] = "image_processing_service.settings"
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "check"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "PUBLIC_URL is 'example.com'" in done.stderr
    assert "Traceback" not in done.stderr

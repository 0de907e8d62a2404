"""`manage.py check --deploy` finds nothing in the environment of the production Compose file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.checks import Tags, run_checks

from tests.builders.environments import settings_of

ROOT = Path(__file__).resolve().parents[2]
# Settings that Django's security checks look at begin so.
CHECKED = ("ALLOWED_HOSTS", "CSRF_", "DEBUG", "MIDDLEWARE", "SECRET_", "SECURE_", "SESSION_", "X_")
IN_DOT_ENV = {
    "DJANGO_SECRET_KEY": "".join(chr(33 + (n * 37) % 90) for n in range(64)).replace("$", "x"),
    "PUBLIC_URL": "https://images.example.org",
    "DB_PASSWORD": "a-password",
}


def production() -> dict[str, str]:
    """What the web server's container gets, with the three values that `.env` must hold."""
    compose = yaml.safe_load((ROOT / "docker-compose.production.yml").read_text())
    given: dict[str, str] = compose["services"]["django"]["environment"]

    def filled(value: str) -> str:
        value = re.sub(r"\$\{(\w+):\?[^}]*\}", lambda match: IN_DOT_ENV[match[1]], value)
        return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)

    return {name: filled(str(value)) for name, value in given.items()}


def check(environment: dict[str, str], tmp_path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        # Empty values, so that a `.env` of the checkout fills nothing in.
        env={
            "PATH": os.environ["PATH"],
            **dict.fromkeys(("DATABASE_URL", "AWS_STORAGE_BUCKET_NAME", "SENTRY_DSN"), ""),
            **environment,
            "STATIC_ROOT": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_is_found(tmp_path: Path) -> None:
    done = check({**production(), "EMAIL_URL": "smtp://mail.example.org"}, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"DEBUG": "True"}, "security.W018"),
        ({"PUBLIC_URL": "http://images.example.org"}, "security.W004"),
        ({"NUM_PROXIES": "0"}, "security.W008"),
        ({"HSTS_SECONDS": "0"}, "security.W004"),
    ],
)
def test_the_check_sees_what_is_wrong(changed: dict[str, str], found: str, settings: Any) -> None:
    """Django's check of these settings, in this process."""

    def findings(environment: dict[str, str]) -> list[str | None]:
        for name, value in settings_of(**environment).items():
            if name.isupper() and name.startswith(CHECKED):
                setattr(settings, name, value)
        security = run_checks(tags=[Tags.security], include_deployment_checks=True)
        return [message.id for message in security if not message.is_silenced()]

    assert findings(production()) == []
    assert found in findings({**production(), **changed})

"""Without a mail server mails wait: no link that opens an account is printed to a log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db.models.functions import Now

from accounts.mails.requests import queue_mail
from accounts.models import User
from outbox import events
from outbox.models import Event
from scripts.local.running.environment import complete_environment
from scripts.local.servers.data_folder import DataFolder
from tests.audit_lines import captured
from tests.builders.environments import settings_of

MISSING = "accounts.mails.server.MissingMailServer"
BACKENDS = "django.core.mail.backends"


@pytest.mark.parametrize(
    ("variables", "backend"),
    [
        ({}, MISSING),
        ({"EMAIL_URL": ""}, MISSING),
        ({"DEBUG": "True"}, f"{BACKENDS}.console.EmailBackend"),
        ({"EMAIL_URL": "consolemail://", "DEBUG": "True"}, f"{BACKENDS}.console.EmailBackend"),
        ({"EMAIL_URL": "smtp+tls://me:pass@mail.example.org:587"}, f"{BACKENDS}.smtp.EmailBackend"),
        (
            {"EMAIL_URL": "smtp://x", "EMAIL_VERIFICATION": "mandatory"},
            f"{BACKENDS}.smtp.EmailBackend",
        ),
    ],
)
def test_mails_are_printed_only_while_debugging(variables: dict[str, str], backend: str) -> None:
    assert settings_of(**variables)["EMAIL_BACKEND"] == backend


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"EMAIL_URL": "consolemail://"}, "EMAIL_URL is 'consolemail://'; .* only with DEBUG=True"),
        ({"EMAIL_URL": "mail.example.org"}, "EMAIL_URL must start with one of .*smtp://"),
        ({"EMAIL_VERIFICATION": "mandatory"}, "EMAIL_VERIFICATION=mandatory needs EMAIL_URL"),
    ],
)
def test_what_cannot_work_is_refused(variables: dict[str, str], said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        settings_of(**variables)


def test_a_check_names_the_missing_server(settings: Any) -> None:
    def found() -> list[str | None]:
        return [message.id for message in run_checks() if message.id == "accounts.W001"]

    assert found() == []
    settings.EMAIL_BACKEND = MISSING
    assert found() == ["accounts.W001"]


def test_a_mail_waits_for_the_server_and_its_link_is_not_logged(
    user: User, settings: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND = MISSING
    queue_mail("password_reset", user.email, "")
    with captured("") as lines:
        events.drain()
    assert "EMAIL_URL is not set" in lines.only("event_handler_failed")["exception"]
    printed = lines.text + "".join(capfd.readouterr())
    assert "/reset" not in printed
    assert user.email not in printed

    settings.EMAIL_BACKEND = f"{BACKENDS}.locmem.EmailBackend"
    Event.objects.update(due_at=Now())
    events.drain()
    [message] = mail.outbox
    assert message.to == [user.email]


def test_scripts_up_writes_mails_as_files(tmp_path: Path, settings: Any, user: User) -> None:
    data = DataFolder(tmp_path / "data of ann+bob 100%?")
    url = complete_environment({}, data, None, None, "http://x")["EMAIL_URL"]
    data.close()
    found = settings_of(EMAIL_URL=url)
    settings.EMAIL_BACKEND = found["EMAIL_BACKEND"]
    settings.EMAIL_FILE_PATH = found["EMAIL_FILE_PATH"]
    queue_mail("password_reset", user.email, "")
    events.drain()
    [file] = (data.path / "mails").iterdir()
    assert "/reset?uid=" in file.read_text()
    assert (data.path / "mails").stat().st_mode & 0o777 == 0o700

"""What the page learns when it starts."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from environ import Env


def test_it_holds_the_limits_and_rules_as_they_are_set(settings: Any, stranger: Client) -> None:
    settings.IMAGE_MAX_FILE_SIZE_MB = 7
    settings.IMAGE_MAX_PIXEL_SIZE = 4000
    settings.LINK_LIFETIME_SECONDS = 900
    answer = stranger.get("/config.json")
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert body["apiUrl"] == ""  # not what the build has left in the file of that name
    assert body["upload"]["maxBytes"] == 7 * 1024 * 1024
    assert body["upload"]["maxSide"] == 4000
    assert {"JPEG", "PNG", "WEBP"} <= set(body["upload"]["formats"])
    assert any("at least 8 characters" in rule for rule in body["passwordRules"])
    assert {"JPEG", "AVIF", "TIFF"} <= set(body["outputFormats"])
    assert body["linkLifetimeSeconds"] == 900
    assert body["maxBatchImages"] == 1000
    assert body["maxSteps"] == 32
    assert body["pageSize"] == {"default": 20, "max": 100}


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("consolemail://", None),
        ("smtp+tls://user:secret@mail.example.org:587", None),
        ("filemail:////srv/data/mails", "/srv/data/mails"),
        (f"filemail:///{settings.BASE_DIR}/.data/mails", ".data/mails"),
    ],
)
def test_it_names_the_folder_of_mails_that_are_not_sent(
    url: str, folder: str | None, stranger: Client, settings: Any
) -> None:
    for name, value in Env.email_url_config(url).items():
        setattr(settings, name, value)
    assert stranger.get("/config.json").json()["mailFolder"] == folder


@pytest.mark.parametrize("origin", ["https://page.example", "https://other.example"])
def test_pages_on_allowed_origins_may_ask_for_it(origin: str, settings: Any) -> None:
    settings.FRONTEND_ROOT = "/nonexistent"
    settings.CORS_ALLOWED_ORIGINS = ["https://page.example"]
    answer = Client().get("/config.json", headers={"Origin": origin})
    allowed = answer.headers.get("Access-Control-Allow-Origin")
    assert allowed == (origin if origin == "https://page.example" else None)
    assert answer.json()["upload"]


def test_it_cannot_be_changed() -> None:
    assert Client().post("/config.json").status_code == 405

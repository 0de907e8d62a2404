"""Settings that cannot work stop the start with a sentence."""

import os
import subprocess
import sys

import pytest


def start(**variables):
    environment = {**os.environ, "DJANGO_SECRET_KEY": "x" * 50, **variables}
    code = "from image_processing_service import settings as s; print(s.REST_AUTH)"
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("url", "secure"), [("https://images.example.org", True), ("http://localhost:8000", False)]
)
def test_cookies_are_secure_by_the_scheme_of_the_public_url(url, secure):
    assert f"'JWT_AUTH_SECURE': {secure}" in start(PUBLIC_URL=url).stdout


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"AUTH_COOKIE_SAMESITE": "None", "PUBLIC_URL": "http://localhost:8000"},
            "AUTH_COOKIE_SAMESITE=None needs a PUBLIC_URL with https",
        ),
        (
            {"ACCESS_TOKEN_LIFETIME": "90", "REFRESH_TOKEN_LIFETIME": "60"},
            "REFRESH_TOKEN_LIFETIME is shorter than ACCESS_TOKEN_LIFETIME",
        ),
    ],
)
def test_what_cannot_work_is_said(variables, sentence):
    said = start(**variables)
    assert said.returncode != 0
    assert sentence in said.stderr

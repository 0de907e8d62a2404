"""Settings that cannot work stop the start with a sentence."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.builders.environments import settings_of


@pytest.mark.parametrize(
    ("url", "secure"), [("https://images.example.org", True), ("http://localhost:8000", False)]
)
def test_cookies_are_secure_by_the_scheme_of_the_public_url(url, secure):
    assert settings_of(PUBLIC_URL=url)["REST_AUTH"]["JWT_AUTH_SECURE"] is secure


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
    with pytest.raises(ImproperlyConfigured, match=sentence):
        settings_of(**variables)

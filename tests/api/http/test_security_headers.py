"""Security headers of every answer, and pages without inline scripts."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from rest_framework.test import APIClient

from tests.builders.environments import settings_of

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
ADMIN_PAGES = ["", "accounts/user/", "accounts/user/add/", "image_processor/sourceimage/"]


def directives(answer: Any) -> dict[str, list[str]]:
    """The content policy of an answer: directive -> sources."""
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";")]
    return {name: sources for name, *sources in parts}


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    root = get_user_model().objects.create_superuser("root", "root@example.com", "!")
    client.force_login(root, backend="accounts.access.backends.UsernameOrEmailBackend")
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 302),
        ("/api/v1/operations/", 200),
        ("/api/v1/images/", 401),
        ("/api/v1/broken/view/", 500),
        ("/api/v1/broken/plain/", 500),
        ("/api/nothing/", 404),
        ("/api/v1/docs/", 200),
        ("/api/v1/redoc/", 200),
        ("/admin/login/", 200),
        ("/files/nonsense", 403),
        ("/healthz", 200),
        ("/nothing", 404),
        ("/static/page.js", 200),
    ],
)
def test_every_answer_has_the_security_headers(
    path: str, status: int, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "page.js").write_text("1")
    settings.STATIC_ROOT = str(tmp_path)
    settings.ROOT_URLCONF = "tests.api.broken_urls"
    answer = APIClient(raise_request_exception=False).get(path)
    answer.close()  # closes the open static file
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    policy = directives(answer)
    assert policy["script-src"] == ["'self'"]
    assert policy["default-src"] == ["'self'"]
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert {"data:", "blob:"} <= set(policy["img-src"])
    assert policy["style-src"] == (
        ["'self'", "'unsafe-inline'"] if "docs" in path or "redoc" in path else ["'self'"]
    )


@pytest.mark.parametrize("debug", [True, False])
def test_a_problem_instead_of_a_page_has_the_security_headers(settings: Any, debug: bool) -> None:
    settings.DEBUG = debug
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = APIClient().get("/api/v1/operations/", HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert directives(answer)["frame-ancestors"] == ["'none'"]


class Inline(HTMLParser):
    """Collects what a policy without 'unsafe-inline' forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script":
            self.scripts += 1
            if "src" not in given and given.get("type") not in (
                "application/json",
                "text/template",
            ):
                self.found.append(f"<script> at {self.getpos()}")
        if tag == "base":
            self.found.append("<base>")
        self.found += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.found += [f"{tag} {v}" for v in given.values() if (v or "").startswith("javascript:")]


@pytest.mark.parametrize("path", [*(f"/admin/{page}" for page in ADMIN_PAGES), "/api/v1/docs/"])
def test_pages_have_no_inline_script(path: str, admin: Client) -> None:
    answer = admin.get(path)
    assert answer.status_code == 200
    page = Inline()
    page.feed(answer.content.decode())
    assert page.scripts
    assert page.found == []


def test_redoc_has_no_inline_script() -> None:
    page = Inline()
    answer = APIClient().get("/api/v1/redoc/")
    page.feed(answer.content.decode())
    assert page.scripts
    assert page.found == []
    assert directives(answer)["worker-src"] == ["blob:"]


def test_redoc_s_script_names_no_host_of_its_maker_s_pictures() -> None:
    page = APIClient().get("/api/v1/redoc/").content.decode()
    assert '<script src="?script="></script>' in page
    answer = APIClient().get("/api/v1/redoc/", {"script": ""})
    assert answer.headers["Content-Type"].startswith("application/javascript")
    assert answer.headers["Cache-Control"].startswith("public, max-age=")  # a megabyte
    script = answer.content.decode()
    assert "redocly logo" in script
    assert "cdn.redoc.ly" not in script


def test_swagger_asks_no_validator_on_another_host() -> None:
    script = APIClient().get("/api/v1/docs/", {"script": ""}).content.decode()
    assert '"validatorUrl": null' in script


def test_swagger_loads_its_script_from_this_service() -> None:
    answer = APIClient().get("/api/v1/docs/", {"script": ""})
    assert answer.headers["Content-Type"].startswith("application/javascript")
    assert "SwaggerUIBundle" in answer.content.decode()
    # No part of the address becomes code.
    odd = APIClient().get("/api/v1/docs/", {"script": "", "lang": '";alert(1)//</script>'})
    assert "alert(1)//</script>" not in odd.content.decode()
    assert '";alert' not in odd.content.decode()


def test_the_content_policy_allows_images_and_uploads_of_the_object_storage(settings: Any) -> None:
    options = {
        "bucket_name": "images",
        "region_name": "eu-central-1",
        "endpoint_url": "https://s3.example.org/base",
        "addressing_style": "path",
    }
    backend = "image_processor.storage.s3.PrivateS3Storage"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": backend, "OPTIONS": options},
    }
    policy = directives(APIClient().get("/healthz"))
    assert policy["img-src"] == ["'self'", "data:", "blob:", "https://s3.example.org"]
    assert policy["connect-src"] == ["'self'", "https://s3.example.org"]
    assert policy["script-src"] == ["'self'"]


SECURE = ("SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (
            {"PUBLIC_URL": "https://images.example.org", "NUM_PROXIES": "1"},
            [31_536_000, True, True],
        ),
        ({"PUBLIC_URL": "https://images.example.org"}, [31_536_000, False, True]),
        ({"PUBLIC_URL": "https://images.example.org", "HSTS_SECONDS": "60"}, [60, False, True]),
        ({"PUBLIC_URL": "https://images.example.org", "DEBUG": "1"}, [0, False, True]),
        ({"PUBLIC_URL": "http://images.example.org", "NUM_PROXIES": "1"}, [0, False, False]),
        ({"PUBLIC_URL": "http://localhost:8000"}, [0, False, False]),
        ({"PUBLIC_URL": "https://localhost:8443"}, [0, False, True]),
        ({"PUBLIC_URL": "https://images.localhost"}, [0, False, True]),
    ],
)
def test_hsts_and_secure_cookies_follow_the_public_url(
    environment: dict[str, str], expected: list[Any]
) -> None:
    settings = settings_of(**{"NUM_PROXIES": "0", "DEBUG": "False", **environment})
    assert [settings[name] for name in SECURE] == expected


def test_plain_http_behind_a_proxy_is_redirected_to_https(
    settings: Any, client: Callable[..., Any]
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 60
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    plain = APIClient().get("/api/v1/operations/")
    assert (plain.status_code, plain["Location"]) == (301, "https://testserver/api/v1/operations/")
    assert APIClient().get("/healthz").status_code == 200  # health checks use plain HTTP
    secure = APIClient().get("/api/v1/operations/", HTTP_X_FORWARDED_PROTO="https")
    assert secure.status_code == 200
    assert secure["Strict-Transport-Security"] == "max-age=60"

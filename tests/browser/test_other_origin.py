"""A page on another origin of the same site, at the address that the embedded mode allows."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import serve_folder
from tests.browser.watch import Watch
from tests.stack.service import Service

ORIGIN = "http://localhost:3000"
# Both by the name localhost, so that the cookies are those of one site.
CALL = """async ([path, options]) => {
    const {apiUrl} = await (await fetch("/config.json")).json();
    const answer = await fetch(apiUrl + path, {credentials: "include", ...options});
    return [answer.status, await answer.json()];
}"""


@pytest.fixture
def api(service: Service) -> str:
    return f"http://localhost:{urlsplit(service.url).port}"


@pytest.fixture
def elsewhere(context: BrowserContext, api: str) -> Page:
    """A page whose `config.json` names the service, as an operator writes it."""
    files = {"/": "<title>elsewhere</title>", "/config.json": json.dumps({"apiUrl": api})}
    serve_folder(context, ORIGIN, lambda path: files.get(path, ""))
    page = context.new_page()
    page.goto(f"{ORIGIN}/")
    return page


def call(page: Page, path: str, **options: Any) -> tuple[int, Any]:
    """Status and body of a request that the page's own script makes."""
    status, body = page.evaluate(CALL, [path, options])
    return status, body


def test_it_signs_up_and_works_with_cookies(
    elsewhere: Page, context: BrowserContext, api: str
) -> None:
    watch = Watch(context, ORIGIN, api)
    status, limits = call(elsewhere, "/config.json")
    assert (status, limits["apiUrl"]) == (200, "")
    assert limits["upload"]["maxBytes"] > 0

    account = {"email": f"{uuid.uuid4().hex}@example.com", "password": "a-long-pass-phrase-7"}
    headers = {"Content-Type": "application/json", "X-Auth-Mode": "cookie"}
    form = {"method": "POST", "headers": headers, "body": json.dumps(account)}
    status, body = call(elsewhere, "/api/v1/auth/registration/", **form)
    assert status == 201
    assert "access_token" not in body

    assert call(elsewhere, "/api/v1/auth/user/")[1]["email"] == account["email"]
    assert call(elsewhere, "/api/v1/auth/token/refresh/", **{**form, "body": "{}"})[0] == 200
    named = {**form, "method": "PATCH", "body": json.dumps({"first_name": "Ann"})}
    assert call(elsewhere, "/api/v1/auth/user/", **named)[0] == 200
    assert call(elsewhere, "/api/v1/auth/logout/", **{**form, "body": "{}"})[0] == 200
    assert watch.faults == []
    assert call(elsewhere, "/api/v1/auth/user/")[0] == 401

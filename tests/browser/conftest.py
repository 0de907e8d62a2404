"""A real browser, before the real service with real workers and the built page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from scripts.local.installing import chromium, frontend
from tests.browser.watch import Watch
from tests.stack.service import Service

# Nothing but the tests decides what the browser asks for, and when.
ARGUMENTS = [
    "--no-sandbox",  # root has none
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    # A page from `serve_folder` is from no address of this machine, and would have to ask first.
    "--disable-features=LocalNetworkAccessChecks",
    "--no-first-run",
]
PATIENCE_MS = 30_000


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, for the tests of this folder only: while Playwright runs, Django keeps its ORM
    from the thread of the tests."""
    program = chromium.find()
    if program is None:
        pytest.fail(chromium.MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(request: pytest.FixtureRequest) -> Service:
    """The running service, with the page of this checkout."""
    if not (frontend.FOLDER / "package.json").is_file():
        pytest.skip("this checkout has no frontend/, so there is no page to look at")
    service: Service = request.getfixturevalue("service")
    return service


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A browser of its own for each test: no cookies, no cache.

    Addresses are relative to the service, where a test has asked for `site`.
    """
    base = request.getfixturevalue("site").url if "site" in request.fixturenames else None
    context = browser.new_context(base_url=base)
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def watch(context: BrowserContext, site: Service) -> Iterator[Watch]:
    """Fails the test for what pages did that they must not."""
    watch = Watch(context, site.url)
    yield watch
    assert watch.faults == []


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:
    """A watched page; addresses are relative to the service."""
    return context.new_page()


@pytest.fixture
def open_page(page: Page, site: Service) -> Callable[[str], Page]:
    """Open an address of the service and wait until it has come to rest."""

    def go(path: str) -> Page:
        page.goto(f"{site.url}{path}", wait_until="networkidle")
        return page

    return go


def serve_folder(context: BrowserContext, origin: str, files: Callable[[str], Path | str]) -> None:
    """Let the browser find files at an origin where nobody listens: by path, a file or a text."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(origin).partition("?")[0]
        found = files(path)
        if isinstance(found, Path):
            route.fulfill(path=found)
        else:
            kind = "application/json" if path.endswith(".json") else "text/html"
            route.fulfill(body=found, content_type=kind)

    context.route(f"{origin}/**", answer)

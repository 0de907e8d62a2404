"""A real browser that uses the real service with real workers and the built page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from scripts.local.installing import chromium, frontend
from tests.browser.watch import Watch
from tests.stack.service import Service

# The browser sends no requests of its own: only tests decide what it requests.
ARGUMENTS = [
    "--no-sandbox",  # the sandbox does not work as root
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    # A page of `serve_folder` has no address of this machine, so it would need permission first.
    "--disable-features=LocalNetworkAccessChecks",
    "--no-first-run",
]
PATIENCE_MS = 30_000


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, only for this folder: while Playwright runs, Django forbids database queries."""
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
        pytest.skip("this checkout has no frontend/, so there is no page to test")
    service: Service = request.getfixturevalue("service")
    return service


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A new browser context for each test: no cookies, no cache.

    Addresses are relative to the service if the test uses `site`.
    """
    base = request.getfixturevalue("site").url if "site" in request.fixturenames else None
    context = browser.new_context(base_url=base)
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def watch(context: BrowserContext, site: Service) -> Iterator[Watch]:
    """Collects the faults of all pages; the test fails if there are any."""
    watch = Watch(context, site.url)
    yield watch
    assert watch.faults == []


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:
    """A watched page; addresses are relative to the service."""
    return context.new_page()


@pytest.fixture
def open_page(page: Page, site: Service) -> Callable[[str], Page]:
    """Open an address of the service and wait until the network is idle."""

    def go(path: str) -> Page:
        page.goto(f"{site.url}{path}", wait_until="networkidle")
        return page

    return go


def serve_folder(context: BrowserContext, origin: str, files: Callable[[str], Path | str]) -> None:
    """Serve files or texts, by path, at an origin where no server listens."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(origin).partition("?")[0]
        found = files(path)
        if isinstance(found, Path):
            route.fulfill(path=found)
        else:
            kind = "application/json" if path.endswith(".json") else "text/html"
            route.fulfill(body=found, content_type=kind)

    context.route(f"{origin}/**", answer)

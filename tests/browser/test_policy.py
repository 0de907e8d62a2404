"""What the content policy means to a browser, with an export made for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.watch import Watch
from tests.builders import export
from tests.servers.django_thread import serving

INJECTED = '<script>document.title = "taken over"</script>'


@pytest.fixture
def root(tmp_path: Path, settings: Any) -> Path:
    settings.FRONTEND_ROOT = str(export.write(tmp_path / "out"))
    return Path(settings.FRONTEND_ROOT)


@pytest.fixture
def address(root: Path) -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture
def watch(context: BrowserContext, address: str) -> Watch:
    return Watch(context, address)


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(f"{address}/login", wait_until="networkidle")
    return page


def test_its_own_inline_code_runs(context: BrowserContext, watch: Watch, address: str) -> None:
    page = opened(context, address)
    assert page.title() == "login!"
    assert page.evaluate("self.__next_f") == [[1, "<é>"]]
    assert page.evaluate("document.documentElement.dataset.ran") == "file"
    style = page.evaluate(
        "(({color, textAlign, fontWeight}) => [color, textAlign, fontWeight])"
        "(getComputedStyle(document.querySelector('h1')))"
    )
    assert style == ["rgb(1, 2, 3)", "center", "700"]
    assert watch.faults == []


def test_code_that_somebody_brought_in_does_not(
    context: BrowserContext, watch: Watch, address: str
) -> None:
    def tampered(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</body>", f"{INJECTED}</body>"))

    context.route("**/login", tampered)
    page = opened(context, address)
    assert page.title() == "login!"
    assert any(fault.startswith("console: policy: script-src-elem") for fault in watch.faults)


def test_an_image_from_another_host_is_not_even_asked_for(
    context: BrowserContext, watch: Watch, address: str
) -> None:
    page = opened(context, address)
    page.evaluate("""new Promise((done) => {
        const image = new Image();
        image.onerror = done;
        image.src = "https://outside.example/pixel.gif";
    })""")
    assert any("img-src forbids https://outside.example" in fault for fault in watch.faults)


def test_the_watch_sees_errors_and_outside_hosts(
    context: BrowserContext, watch: Watch, address: str
) -> None:
    page = opened(context, address)
    page.evaluate("setTimeout(() => { throw new Error('broken') })")
    page.goto(f"{address}/no-such-page")
    context.route("https://outside.example/**", lambda route: route.fulfill(body="outside"))
    page.goto("https://outside.example/pixel")
    kinds = [fault.partition(" ")[0] for fault in watch.faults]
    assert kinds == ["uncaught:", "answer:", "outside:"]
    watch.allow(r"^(uncaught: Error: broken|answer: 404 to GET )")
    assert watch.faults == ["outside: https://outside.example/pixel"]

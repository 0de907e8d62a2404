"""What is asked of every page: accessible, in both themes, on small and large screens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect

from scripts.local import frontend
from tests.browser.conftest import PATIENCE_MS
from tests.browser.steps import PHOTOS, post, sign_up, transform, upload
from tests.stack.service import Service

AXE = frontend.FOLDER / "node_modules/axe-core/axe.min.js"
# Only what keeps somebody from using the page; axe's lesser remarks are matters of taste.
GRAVE = {"serious", "critical"}
FIND_FAULTS = """async () => {
    // Half-transparent for a moment is no lack of contrast.
    for (const one of document.getAnimations()) {
        if (one.effect.getComputedTiming().iterations !== Infinity) one.finish();
    }
    const {violations} = await axe.run(document, {resultTypes: ["violations"]});
    return violations.map(({id, impact, help, nodes}) => (
        {id, impact, help, nodes: nodes.map(({html, any}) => (
            html.slice(0, 200) + " " + any.map(({message}) => message).join("; ")))}
    ));
}"""
PUBLIC = ["/", "/login/", "/signup/", "/forgot/", "/reset/", "/verify-email/", "/no-such-page/"]
PRIVATE = [
    "/gallery/",
    "/gallery/?search=nothing-is-called-so",
    "/image/?id={image}",
    "/image/?id={image}&task={task}",
    "/tasks/",
    "/tasks/?status=CANCELLED",
    "/result/?task={task}",
    "/result/?task={failed}",
    "/dashboard/",
    "/settings/",
]
SCREENS = {"wide": (1280, 800), "narrow": (360, 740)}


@pytest.fixture(scope="module")
def somebody(browser: Browser, site: Service) -> tuple[StorageState, dict[str, int]]:
    """A person with images, tasks of both ends and a preset: their cookies, and the ids."""
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    sign_up(page)
    image = upload(page, PHOTOS / "astronaut.jpg")
    faceless = upload(page, PHOTOS / "horse.png")
    blur = {"operation": "blur", "params": {}}
    face = {"operation": "crop", "params": {"width": 90, "height": 90, "anchor": "face"}}
    post(page, "/presets/", {"name": "Soft", "transformations": [blur]})
    ids = {
        "image": image,
        "task": transform(page, image, blur),
        "failed": transform(page, faceless, face),
    }
    page.goto("/gallery/", wait_until="networkidle")  # the page notes who is signed in
    state = context.storage_state()
    context.close()
    return state, ids


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=list(SCREENS))
def screen(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def context(
    browser: Browser, site: Service, request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    """A browser with a theme and a screen, signed in where the test is about private pages."""
    asked = request.fixturenames
    width, height = SCREENS[request.getfixturevalue("screen") if "screen" in asked else "wide"]
    options: dict[str, Any] = {
        "base_url": site.url,
        "viewport": {"width": width, "height": height},
        "color_scheme": request.getfixturevalue("theme") if "theme" in asked else "light",
    }
    if "somebody" in asked:
        options["storage_state"] = request.getfixturevalue("somebody")[0]
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def check(page: Page, path: str, faults: dict[str, list[Any]]) -> None:
    """Open one page and add what is wrong with it to `faults`."""
    page.goto(path, wait_until="networkidle")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.evaluate(AXE.read_text())
    found: list[Any] = [one for one in page.evaluate(FIND_FAULTS) if one["impact"] in GRAVE]
    headings = page.get_by_role("heading", level=1).all_inner_texts()
    if len(headings) != 1:
        found.append(f"h1: {headings}")
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if width > 0:
        found.append(f"{width} px wider than the screen")
    if found:
        faults[path] = found


def test_public_pages(page: Page, theme: str, screen: str, watch: Any) -> None:
    watch.allow(r"^answer: 404 to GET .*/no-such-page/$")
    faults: dict[str, list[Any]] = {}
    for path in PUBLIC:
        check(page, path, faults)
    assert faults == {}


def test_private_pages(
    page: Page, theme: str, screen: str, somebody: tuple[StorageState, dict[str, int]]
) -> None:
    faults: dict[str, list[Any]] = {}
    for path in PRIVATE:
        check(page, path.format(**somebody[1]), faults)
    assert faults == {}


def test_every_private_page_lists_its_shortcuts(
    page: Page, somebody: tuple[StorageState, dict[str, int]]
) -> None:
    for path in PRIVATE:
        page.goto(path.format(**somebody[1]), wait_until="networkidle")
        page.keyboard.press("?")
        sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
        expect(sheet).to_contain_text("Go to gallery")
        page.keyboard.press("Escape")
        expect(sheet).to_be_hidden()

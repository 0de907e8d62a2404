"""What is asked of every page: accessible, in both themes, on small and large screens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    StorageState,
    ViewportSize,
    expect,
)

from scripts.local.installing import frontend
from tests.browser.conftest import PATIENCE_MS
from tests.browser.steps import PHOTOS, post, sign_up, transform, upload
from tests.browser.watch import Watch
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
# Rows that are measured are laid out anew in the next frame. The page itself watches for it: to
# ask again from outside needs eval, which its policy forbids.
PIXELS_TOO_WIDE = """async (patience) => {
    const over = () => document.documentElement.scrollWidth - innerWidth;
    const end = performance.now() + patience;
    while (over() > 0 && performance.now() < end) await new Promise(requestAnimationFrame);
    return over();
}"""
SETTLED_MS = 3_000
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
    "/batches/",
    "/dashboard/",
    "/settings/",
]
SCREENS: dict[str, ViewportSize] = {
    "wide": {"width": 1280, "height": 800},
    "narrow": {"width": 360, "height": 740},
}
THEMES: list[Literal["light", "dark"]] = ["light", "dark"]
# Each screen and each theme once; every theme on every screen takes twice as long.
Looks = list[tuple[str, Literal["light", "dark"]]]
DIAGONAL: Looks = [("wide", "light"), ("narrow", "dark")]
EVERY: Looks = [(screen, theme) for screen in SCREENS for theme in THEMES]
in_every_look = pytest.mark.parametrize(
    "looks",
    [pytest.param(DIAGONAL, id="two looks"), pytest.param(EVERY, marks=pytest.mark.long, id="all")],
)


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


@pytest.fixture
def context(
    browser: Browser, site: Service, request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    """Signed in where the test asks for `somebody`."""
    state = None
    if "somebody" in request.fixturenames:
        state = request.getfixturevalue("somebody")[0]
    context = browser.new_context(base_url=site.url, storage_state=state)
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def rest(page: Page, path: str) -> None:
    """Open a private page and wait until it shows what it has to show."""
    # Some of them ask for news for ever, so the network is never idle.
    with page.expect_response("**/api/v1/auth/user/"):
        page.goto(path)
    expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=PATIENCE_MS)


def faults_of(page: Page, looks: Looks) -> list[Any]:
    """What is wrong with the page as it stands, on these screens and in these themes."""
    page.evaluate(AXE.read_text())
    faults: list[Any] = []
    for screen, theme in looks:
        page.set_viewport_size(SCREENS[screen])
        wider = page.evaluate(PIXELS_TOO_WIDE, SETTLED_MS)
        if wider > 0:
            faults.append((screen, f"{wider} px wider than the screen"))
        page.emulate_media(color_scheme=theme)
        expect(page.locator("html")).to_have_class(re.compile(rf"\b{theme}\b"))
        found = page.evaluate(FIND_FAULTS)
        faults += [(screen, theme, one) for one in found if one["impact"] in GRAVE]
    headings = page.get_by_role("heading", level=1).all_inner_texts()
    if len(headings) != 1:
        faults.append(f"it needs one h1, and has {headings}")
    return faults


@in_every_look
@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_for_everybody(page: Page, watch: Watch, path: str, looks: Looks) -> None:
    watch.allow(r"^answer: 404 to GET .*/no-such-page/$")
    page.goto(path, wait_until="networkidle")
    assert faults_of(page, looks) == []


@in_every_look
@pytest.mark.parametrize("path", PRIVATE)
def test_a_private_page_is_for_everybody_and_lists_its_shortcuts(
    page: Page, somebody: tuple[StorageState, dict[str, int]], path: str, looks: Looks
) -> None:
    rest(page, path.format(**somebody[1]))
    assert faults_of(page, looks) == []
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_contain_text("Go to gallery")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()

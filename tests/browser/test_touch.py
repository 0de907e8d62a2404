"""Every page on a phone: nothing is wider than the screen, and fingers hit every control."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.steps import PHOTOS, post, sign_up, transform, upload
from tests.stack.service import Service

PHONE: ViewportSize = {"width": 390, "height": 844}
PUBLIC = ["/", "/login/", "/signup/", "/forgot/"]
PRIVATE = [
    "/gallery/",
    "/image/?id={image}&task={task}",
    "/tasks/",
    "/tasks/?batch={batch}",
    "/result/?task={task}",
    "/batches/",
    "/dashboard/",
    "/settings/",
]
# Controls that take touches on less than 40 px in either direction, with what they say. A link in
# a sentence is as high as its line, and a control in a label takes the touches of the label.
FIND_FAULTS = """() => {
    const least = 39.5;
    const faults = [];
    const over = document.documentElement.scrollWidth - innerWidth;
    if (over > 0) faults.push(`${over} px wider than the screen`);
    for (const control of document.querySelectorAll(
        "a, button, input, select, textarea, [role=slider], [role=menuitem]"
    )) {
        const target = control.closest("label") ?? control;
        const style = getComputedStyle(control);
        const box = target.getBoundingClientRect();
        const hidden = box.width <= 1 || style.visibility === "hidden" ||
            style.clipPath !== "none" || control.closest("[aria-hidden=true]");
        if (hidden || style.display === "inline") continue;
        const around = getComputedStyle(control, "::after");
        const width = Math.max(box.width, parseFloat(around.width) || 0);
        const height = Math.max(box.height, parseFloat(around.height) || 0);
        if (width < least || height < least) {
            const name = control.getAttribute("aria-label") ?? control.innerText ?? control.name;
            faults.push(`${Math.round(width)} x ${Math.round(height)} px: ${name}`);
        }
    }
    return faults;
}"""


@pytest.fixture
def context(browser: Browser, site: Service) -> Iterator[BrowserContext]:
    """A phone, where fingers touch the screen."""
    context = browser.new_context(base_url=site.url, viewport=PHONE, has_touch=True, is_mobile=True)
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def test_fingers_hit_every_control(page: Page) -> None:
    faults = {path: faults_of(page, path) for path in PUBLIC}
    sign_up(page)
    blur = {"operation": "blur", "params": {}}
    image = upload(page, PHOTOS / "rocket.jpg")
    task = transform(page, image, blur)
    batch = post(page, "/batches/", {"image_ids": [image], "transformations": [blur]})["id"]
    post(page, "/presets/", {"name": "Soft", "transformations": [blur]})
    for path in PRIVATE:
        address = path.format(image=image, task=task, batch=batch)
        faults[path] = faults_of(page, address)
    assert {path: found for path, found in faults.items() if found} == {}


def faults_of(page: Page, path: str) -> list[str]:
    """Open the page, with the form of a step if it is the editor."""
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=PATIENCE_MS)
    if path.startswith("/image/"):
        page.get_by_role("button", name="Blur", exact=True).click()
    found: list[str] = page.evaluate(FIND_FAULTS)
    return found

"""The editor by hand: fingers, keys, sliders, files dropped on it, and a server that goes away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.steps import PHOTOS, sign_up, upload
from tests.browser.watch import Watch
from tests.stack.service import Service

LOST = r"^(console: .*ERR_|answer: 50[234] to )"
PREVIEW = "Preview of the result"


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """Previews wait for a worker, which takes long on a busy machine."""
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def phone(browser: Browser, site: Service) -> Iterator[Page]:
    """A page on a phone, where fingers touch the screen."""
    context = browser.new_context(
        base_url=site.url,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    )
    context.set_default_timeout(PATIENCE_MS)
    watch = Watch(context, site.url)
    yield context.new_page()
    context.close()
    assert watch.faults == []


def open_editor(page: Page) -> None:
    """Sign up, upload a photograph and open it in the editor."""
    sign_up(page)
    page.goto(f"/image/?id={upload(page, PHOTOS / 'rocket.jpg')}")
    expect(page.get_by_alt_text(PREVIEW)).to_be_visible()


def add_step(page: Page, name: str) -> None:
    """Add a step. The search has the focus, so a person can type at once."""
    page.get_by_role("button", name="Add a step").click()
    search = page.get_by_role("searchbox", name="Search operations")
    if not page.evaluate("matchMedia('(pointer: coarse)').matches"):
        expect(search).to_be_focused()
    search.fill(name)
    search.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


def box_of(page: Page, selector: str) -> dict[str, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return dict(box)


def drop(page: Page, path: Path) -> None:
    """Drop a file or folder of this machine on the middle of the page, as the system does."""
    session = page.context.new_cdp_session(page)
    size = page.viewport_size
    assert size is not None
    at = {"x": size["width"] / 2, "y": size["height"] / 2}
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "data": data, **at})


def test_a_crop_on_a_phone_stays_in_view(phone: Page) -> None:
    open_editor(phone)
    add_step(phone, "crop")
    corner = phone.get_by_label("Upper left corner")
    expect(corner).to_be_in_viewport()
    # The forms below scroll, the picture does not.
    phone.get_by_role("button", name="Add a step").scroll_into_view_if_needed()
    expect(corner).to_be_in_viewport()
    expect(phone.get_by_label("Lower right corner")).to_be_in_viewport()


def test_a_file_dropped_where_nothing_takes_it_does_not_leave_the_page(page: Page) -> None:
    page.goto("/login/", wait_until="networkidle")
    address = page.url
    drop(page, PHOTOS / "astronaut.jpg")
    page.get_by_label("E-mail").fill("still-here@example.com")
    assert page.url == address

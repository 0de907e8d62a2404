"""The editor by hand: fingers, keys, sliders, files dropped on it, and a server that goes away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

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
    search = page.get_by_role("searchbox", name="Search steps")
    if not page.evaluate("matchMedia('(pointer: coarse)').matches"):
        expect(search).to_be_focused()
    search.fill(name)
    search.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


def is_covered(page: Page, locator: Locator) -> bool:
    """Return whether something else is drawn over the middle of the element."""
    return not locator.evaluate("""(element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const drawn = document.elementFromPoint(left + width / 2, top + height / 2);
        return element.contains(drawn);
    }""")


def box_of(page: Page, selector: str) -> dict[str, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return dict(box)


def drop(page: Page, *paths: Path) -> None:
    """Drop files and folders of this machine on the middle of the page, as the system does."""
    session = page.context.new_cdp_session(page)
    size = page.viewport_size
    assert size is not None
    at = {"x": size["width"] / 2, "y": size["height"] / 2}
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "data": data, **at})


def test_the_picture_and_the_focus_stay_in_view_on_a_phone(phone: Page) -> None:
    open_editor(phone)
    zoom_with_two_fingers(phone)
    expect(phone.get_by_text("3.0 ×")).to_be_visible()
    picture, area = box_of(phone, f"img[alt='{PREVIEW}']"), box_of(phone, ".bg-canvas.touch-none")
    assert picture["x"] <= area["x"] + 1, "no room is empty where the picture is larger than it"

    add_step(phone, "crop")
    corner = phone.get_by_label("Upper left corner")
    expect(corner).to_be_in_viewport()
    # The forms below scroll, the picture does not.
    phone.get_by_role("button", name="Add a step").scroll_into_view_if_needed()
    expect(corner).to_be_in_viewport()
    expect(phone.get_by_label("Lower right corner")).to_be_in_viewport()

    for name in ("resize", "vignette"):
        phone.get_by_role("button", name="Add a step").scroll_into_view_if_needed()
        add_step(phone, name)
        title = phone.get_by_role("button", name=re.compile(f"^{name}", re.IGNORECASE))
        expect(title).to_be_focused()
        assert not is_covered(phone, title), name
    phone.keyboard.press("Shift+Tab")
    assert not is_covered(phone, phone.locator(":focus"))


def zoom_with_two_fingers(phone: Page) -> None:
    """Pull two fingers apart on the picture, then drag the picture far to the lower right."""
    area = box_of(phone, ".bg-canvas.touch-none")
    x, y = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
    session = phone.context.new_cdp_session(phone)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": px, "y": py, "id": index} for index, (px, py) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    touch("touchStart", (x - 30, y), (x + 30, y))
    for spread in (40, 60, 90):
        touch("touchMove", (x - spread, y), (x + spread, y))
    touch("touchEnd")
    for _ in range(3):
        touch("touchStart", (x, y))
        for far in (100, 400, 900):
            touch("touchMove", (x + far, y + far))
        touch("touchEnd")


def test_a_slider_and_the_keys_of_a_crop(page: Page) -> None:
    open_editor(page)
    add_step(page, "brightness")
    move_slider_until_the_picture_changes(page)

    add_step(page, "crop")
    area = page.get_by_label("Part to keep; move it with the arrow keys")
    expect(area).to_be_focused()
    page.get_by_label("Shape").select_option("1:1")
    width, height = (page.get_by_label(name, exact=True) for name in ("Width", "Height"))
    expect(width).to_have_value(height.input_value())

    area.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_alt_text(PREVIEW)).to_be_visible()
    page.reload()
    title = page.get_by_role("button", name=re.compile("^Crop"))
    title.click()
    expect(page.get_by_label("Shape")).to_have_value("1:1")

    expect(area).to_be_focused()
    kept = page.get_by_label("X", exact=True).input_value()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("X", exact=True)).not_to_have_value(kept)
    page.keyboard.press("Escape")
    expect(title).to_be_focused()
    title.click()
    expect(page.get_by_label("X", exact=True)).to_have_value(kept)


def move_slider_until_the_picture_changes(page: Page) -> None:
    """Move it without rest: the picture has to follow while the hand is on the slider."""
    slider = page.get_by_role("slider", name="Amount")
    before = page.get_by_alt_text(PREVIEW).get_attribute("src")
    slider.focus()
    for _ in range(300):
        for key in ("ArrowRight", "ArrowLeft", "ArrowRight"):
            slider.press(key)
        if page.get_by_alt_text(PREVIEW).get_attribute("src") != before:
            return
    raise AssertionError("the picture did not change while the slider moved")


def test_dropped_files_and_folders_are_uploaded(page: Page, tmp_path: Path) -> None:
    open_editor(page)
    address = page.url
    uploads = page.get_by_role("region", name="Uploads")
    drop(page, PHOTOS / "astronaut.jpg")
    expect(uploads).to_contain_text("1 image uploaded")
    assert page.url == address

    page.goto("/gallery/")
    expect(page.locator("[data-tile]")).to_have_count(2)
    folder = tmp_path / "holiday"
    (folder / "first day").mkdir(parents=True)
    (folder / "first day" / "cat.png").write_bytes((PHOTOS / "chelsea.png").read_bytes())
    drop(page, PHOTOS / "horse.png", folder)
    expect(uploads).to_contain_text("2 images uploaded")
    expect(page.locator("[data-tile]")).to_have_count(4)


def test_a_file_dropped_where_nothing_takes_it_does_not_leave_the_page(page: Page) -> None:
    page.goto("/login/", wait_until="networkidle")
    address = page.url
    drop(page, PHOTOS / "astronaut.jpg")
    page.get_by_label("E-mail").fill("still-here@example.com")
    assert page.url == address


def test_the_editor_goes_on_when_the_server_is_back(
    page: Page, context: BrowserContext, watch: Watch
) -> None:
    """A part whose code did not load is loaded again, and the preview is made."""
    open_editor(page)
    watch.allow(LOST)
    reports: list[str] = []
    page.on("request", lambda one: "client-errors" in one.url and reports.append(one.url))
    for away in ("**/_next/**", "**/api/v1/**"):
        context.route(away, lambda route: route.abort("connectionrefused"))
    page.get_by_role("button", name="Compare with the original").click()
    missing = page.get_by_role("alert").filter(has_text="could not be loaded")
    expect(missing).to_be_visible()
    add_step(page, "grayscale")
    unreachable = page.get_by_role("alert").filter(has_text="The server cannot be reached")
    expect(unreachable).to_be_visible()
    context.unroute_all()
    expect(page.get_by_alt_text("Before", exact=True)).to_be_visible()
    expect(missing).to_have_count(0)
    expect(unreachable).to_have_count(0)
    assert reports == []

    # The server answers, but has another version of the page.
    watch.allow(r"^answer: 404 to (GET|HEAD) .*/_next/")
    context.route("**/_next/**", lambda route: route.fulfill(status=404, body=""))
    add_step(page, "crop")
    outdated = page.get_by_role("alert").filter(has_text="new version")
    expect(outdated).to_be_visible()
    context.unroute_all()
    outdated.get_by_role("button", name="Reload").click()
    page.get_by_role("button", name=re.compile("^Crop")).click()
    expect(page.get_by_label("Upper left corner")).to_be_visible()


@pytest.mark.long
def test_back_to_the_place_in_the_gallery(page: Page) -> None:
    sign_up(page)
    for _ in range(24):
        upload(page, PHOTOS / "chelsea.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/gallery/?ordering=name", wait_until="networkidle")
    for leave in (
        lambda: page.get_by_role("link", name="Back to the gallery").click(),
        page.go_back,
    ):
        page.mouse.move(200, 600)
        page.evaluate("scrollTo(0, 900)")
        page.locator("[data-tile='12']").get_by_role("link").click()
        expect(page.get_by_alt_text(PREVIEW)).to_be_visible()
        leave()
        expect(page).to_have_url(re.compile(r"/gallery/\?ordering=name$"))
        expect(page.locator("[data-tile='12']")).to_be_in_viewport()

"""One person's whole way through the page, with real workers behind it."""

from __future__ import annotations

import base64
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.watch import Watch
from tests.builders import pictures
from tests.stack.service import NOWHERE

PHOTOS = Path(__file__).parents[1] / "photos"
SLOW_MS = 60_000  # what waits for workers

# A drop and a paste as the browser makes them of real files.
PUT_FILES = """
([kind, target, files]) => {
    const data = new DataTransfer();
    for (const [name, type, text] of files) {
        const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
        data.items.add(new File([bytes], name, {type}));
    }
    const element = document.querySelector(target);
    if (kind === "paste") {
        element.dispatchEvent(new ClipboardEvent("paste", {
            clipboardData: data, bubbles: true, cancelable: true,
        }));
    } else {
        for (const name of ["dragenter", "dragover", "drop"]) {
            element.dispatchEvent(new DragEvent(name, {
                dataTransfer: data, bubbles: true, cancelable: true,
            }));
        }
    }
}
"""


def put(page: Page, kind: str, *photos: str) -> None:
    files = [
        (
            name,
            f"image/{name[-3:].replace('jpg', 'jpeg')}",
            base64.b64encode((PHOTOS / name).read_bytes()).decode(),
        )
        for name in photos
    ]
    page.evaluate(PUT_FILES, [kind, "main", files])


def sign_up(page: Page) -> None:
    page.get_by_label("E-mail").fill(f"{uuid4().hex}@example.com")
    page.get_by_label("Password", exact=True).fill("plain-Words-4-everyone")
    page.get_by_role("button", name="Create an account").click()
    page.wait_for_url("**/gallery/")


def add_step(page: Page, name: str) -> None:
    page.get_by_role("button", name="Add a step").click()
    page.get_by_role("searchbox", name="Search steps").fill(name)
    page.keyboard.press("Enter")


def drag_crop(page: Page) -> None:
    """Pull the lower right corner of the crop inwards, so far that it fits every photograph."""
    corner = page.get_by_label("Lower right corner")
    corner.wait_for()
    box, picture = corner.bounding_box(), page.get_by_alt_text("Before the crop").bounding_box()
    assert box
    assert picture
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    x, y = picture["x"] + 0.4 * picture["width"], picture["y"] + 0.5 * picture["height"]
    page.mouse.move(x, y, steps=6)
    page.mouse.up()


def press_until(page: Page, key: str, said: str) -> None:
    """Press a key, as often as a person would, until a screen reader is told of it."""
    for _ in range(5):
        page.keyboard.press(key)
        try:
            expect(page.get_by_text(said)).to_be_attached(timeout=1500)
        except AssertionError:
            continue
        return
    raise AssertionError(f"{key} did not lead to {said!r}")


def test_from_sign_up_to_sign_out(
    open_page: Callable[[str], Page], watch: Watch, tmp_path: Path
) -> None:
    page = open_page("/signup/")
    sign_up(page)

    # Three photographs: two dropped, one pasted.
    put(page, "drop", "astronaut.jpg", "rocket.jpg")
    expect(page.get_by_role("region", name="Uploads")).to_contain_text("rocket.jpg")
    put(page, "paste", "chelsea.png")
    for name in ("astronaut.jpg", "rocket.jpg", "chelsea.png"):
        expect(page.locator("[data-tile]").filter(has_text=name)).to_be_visible(timeout=SLOW_MS)

    # Edit: a crop drawn with the mouse, and a second step that the keyboard moves before it.
    page.locator("[data-tile]").filter(has_text="rocket.jpg").get_by_role("link").click()
    preview = page.get_by_alt_text("Preview of the result")
    expect(preview).to_be_visible(timeout=SLOW_MS)
    add_step(page, "crop")
    width = page.get_by_label("Width", exact=True)
    before = int(width.input_value())
    drag_crop(page)
    expect(width).not_to_have_value(str(before))
    page.get_by_role("button", name="Done").click()
    expect(preview).to_be_visible(timeout=SLOW_MS)
    add_step(page, "grayscale")
    steps = page.get_by_role("region", name="Steps").get_by_role("listitem")
    expect(steps.nth(1)).to_contain_text("Grayscale")
    page.get_by_role("button", name="Move Grayscale", exact=True).focus()
    press_until(page, "Space", "Moved to the position of Grayscale")
    press_until(page, "ArrowUp", "Moved to the position of Crop")  # a lifted step is measured first
    press_until(page, "Space", "Dropped in the position of Crop")
    expect(steps.nth(0)).to_contain_text("Grayscale")
    page.keyboard.press("ControlOrMeta+z")
    expect(steps.nth(1)).to_contain_text("Grayscale")
    page.get_by_role("button", name="Redo").click()
    expect(steps.nth(0)).to_contain_text("Grayscale")

    # The preview shows it, beside the original if asked; a reload loses nothing.
    page.get_by_label("Format").select_option("webp")
    expect(page.get_by_text(re.compile("about .*B"))).to_be_visible(timeout=SLOW_MS)
    page.get_by_role("button", name="Compare with the original").click()
    expect(page.get_by_alt_text("Before", exact=True)).to_be_visible()
    page.reload()
    expect(steps).to_have_count(2)

    # A preset of it, then the result in full.
    page.get_by_role("button", name="Presets, copy and more").click()
    page.get_by_role("menuitem", name="Save as preset").click()
    page.get_by_label("Name").fill("Gray part")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as “Gray part”").first).to_be_visible()
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**/result/?task=*")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download").click(timeout=SLOW_MS)
    result = pictures.opened(Path(saved.value.path()).read_bytes())
    red, green, _ = result.convert("RGB").getpixel((5, 5))
    assert (result.format, red) == ("WEBP", green)
    page.get_by_role("link", name="Tasks").click()
    expect(page.get_by_role("list", name="Tasks")).to_contain_text("Done")

    # The preset for all three, and their ZIP.
    page.get_by_role("link", name="Gallery").click()
    for name in ("astronaut.jpg", "rocket.jpg", "chelsea.png"):
        page.get_by_role("checkbox", name=f"Select {name}").check(force=True)
    page.get_by_role("button", name="Apply preset").click()
    page.get_by_role("radio", name="Gray part").check()
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto(f"{origin(page)}/tasks/?batch={newest_batch(page)}")
    expect(page.get_by_text("3 done")).to_be_visible(timeout=SLOW_MS)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download ZIP").click()
    with zipfile.ZipFile(saved.value.path()) as archive:
        assert len(archive.namelist()) == 3
        assert archive.testzip() is None

    # Delete, think again, delete for good.
    page.get_by_role("link", name="Gallery").click()
    chelsea = page.locator("[data-tile]").filter(has_text="chelsea.png")
    for undo in (True, False):
        page.get_by_role("checkbox", name="Select chelsea.png").check(force=True)
        page.get_by_role("region", name="Selected images").get_by_role(
            "button", name="Delete"
        ).click()
        expect(chelsea).to_have_count(0)
        if undo:
            page.get_by_role("button", name="Undo").click()
            expect(chelsea).to_be_visible()
    page.reload()
    expect(page.locator("[data-tile]")).to_have_count(2)

    # What was done, and how much of it.
    page.get_by_role("link", name="Dashboard").click()
    expect(page.get_by_text("originals in the gallery")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Done"))).to_contain_text("3")

    # A key and a webhook.
    page.goto(f"{origin(page)}/settings/")
    page.get_by_role("button", name="New key").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("backup")
    page.get_by_role("button", name="Create key").click()
    expect(dialog.get_by_label("API key")).to_have_value(re.compile("^ips_"))
    page.get_by_role("button", name="I have saved it").click()
    page.get_by_role("button", name="New webhook").click()
    dialog.get_by_label("Address").fill(f"http://{NOWHERE}/hook")
    dialog.get_by_role("checkbox").first.check()
    dialog.get_by_role("button", name="Create webhook").click()
    expect(dialog.get_by_label("Secret")).to_have_value(re.compile("^whsec_"))
    page.get_by_role("button", name="I have saved it").click()

    assert watch.faults == []
    watch.allow(r"^answer: 401 to ")  # what is asked in the moment of signing out
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.wait_for_url(re.compile("/login/|/$"))
    page.goto(f"{origin(page)}/gallery/")
    expect(page).to_have_url(re.compile("/login/"))


def newest_batch(page: Page) -> int:
    return int(page.request.get(f"{origin(page)}/api/v1/batches/").json()["results"][0]["id"])


def origin(page: Page) -> str:
    parts = urlsplit(page.url)
    return f"{parts.scheme}://{parts.netloc}"

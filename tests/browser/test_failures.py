"""What people see when something fails, and how they go on."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.steps import PHOTOS, sign_up, task_of, transform, upload
from tests.browser.watch import Watch
from tests.scripts.processes import until

FACELESS = PHOTOS / "horse.png"
NO_FACE = {
    "operation": "crop",
    "params": {"width": 100, "height": 100, "anchor": "face"},
}
LOST = r"^(console: .*ERR_|answer: 50[234] to )"
TASKS = "**/api/v1/tasks/**"


def pick(page: Page, *names: str) -> None:
    """Choose files in the dialog of the gallery's upload button."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload", exact=True).click()
    chooser.value.set_files([PHOTOS / name for name in names])


def test_a_failed_task_says_why_and_can_be_tried_again(page: Page) -> None:
    sign_up(page)
    task = transform(page, upload(page, FACELESS), NO_FACE)
    assert task_of(page, task)["error_code"] == "no_face_found"
    first = task_of(page, task)["finished_at"]

    page.goto("/tasks/?status=FAILED")
    row = page.get_by_role("list", name="Tasks").get_by_role("listitem")
    expect(row).to_contain_text("No face was found in the picture")
    expect(row).to_contain_text("choose another anchor")
    with page.expect_response(lambda answer: f"/tasks/{task}/retry/" in answer.url) as asked:
        row.get_by_role("button", name="Retry").click()
    assert asked.value.ok

    # It is the same picture, so it fails again, and the page says so by itself.
    expect(page.get_by_role("button", name="Retry", exact=True)).to_be_visible()
    # Each look waits on the server.
    until(
        lambda: task_of(page, task)["finished_at"] not in (None, first),
        f"the second end of task {task}",
    )
    page.goto(f"/result/?task={task}")
    expect(page.get_by_text("No face was found in the picture")).to_be_visible()
    expect(page.get_by_role("link", name="Edit again")).to_be_visible()


def hide_the_return(context: BrowserContext) -> None:
    """Let the page not notice by itself that the server is back, so that only a person asks."""
    context.route(
        "**/api/v1/operations/",
        lambda route: route.abort() if route.request.method == "HEAD" else route.continue_(),
    )


def test_a_server_that_is_away_can_be_asked_again(
    page: Page, context: BrowserContext, watch: Watch
) -> None:
    sign_up(page)
    watch.allow(LOST)
    hide_the_return(context)
    context.route(TASKS, lambda route: route.abort("connectionrefused"))
    page.goto("/tasks/")
    expect(page.get_by_text("The server cannot be reached")).to_be_visible(timeout=PATIENCE_MS)
    context.unroute(TASKS)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("No tasks yet")).to_be_visible()


def test_a_gateway_without_a_service_is_explained(
    page: Page, context: BrowserContext, watch: Watch
) -> None:
    sign_up(page)
    watch.allow(LOST)
    html = "<html><h1>502 Bad Gateway</h1></html>"
    hide_the_return(context)
    context.route(
        TASKS, lambda route: route.fulfill(status=502, body=html, content_type="text/html")
    )
    page.goto("/tasks/")
    alert = page.get_by_role("alert").filter(has=page.get_by_role("button", name="Try again"))
    expect(alert).to_be_visible(timeout=PATIENCE_MS)
    expect(alert).not_to_contain_text("<h1>")
    context.unroute(TASKS)
    alert.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("No tasks yet")).to_be_visible()


def test_a_lost_connection_is_told_and_uploads_go_on_when_it_is_back(
    page: Page, context: BrowserContext, watch: Watch
) -> None:
    sign_up(page)
    page.goto("/gallery/", wait_until="networkidle")
    watch.allow(LOST)
    context.set_offline(True)
    banner = page.get_by_text("You are offline. Uploads continue when you are online again.")
    expect(banner).to_be_visible()
    pick(page, "astronaut.jpg")
    tray = page.get_by_role("region", name="Uploads")
    expect(tray).to_contain_text("Uploading 1 image")
    context.set_offline(False)
    expect(banner).to_be_hidden()
    expect(tray).to_contain_text("1 image uploaded")
    expect(page.locator("[data-tile]").filter(has_text="astronaut.jpg")).to_be_visible()


def test_an_upload_that_broke_is_sent_again_by_itself(
    page: Page, context: BrowserContext, watch: Watch
) -> None:
    sign_up(page)
    page.goto("/gallery/", wait_until="networkidle")
    watch.allow(LOST)
    sent: list[str | None] = []

    def break_once(route: Route) -> None:
        sent.append(route.request.headers.get("idempotency-key"))
        if len(sent) == 1:
            route.abort("connectionreset")
        else:
            route.continue_()

    context.route("**/api/v1/images/upload/", break_once)
    pick(page, "rocket.jpg")
    expect(page.get_by_role("region", name="Uploads")).to_contain_text("1 image uploaded")
    assert len(sent) == 2
    assert sent[0] is not None
    assert sent[0] == sent[1], "the second is known to be the first one again"


def test_an_upload_that_failed_can_be_sent_again(
    page: Page, context: BrowserContext, watch: Watch
) -> None:
    sign_up(page)
    page.goto("/gallery/", wait_until="networkidle")
    watch.allow(LOST)
    context.route(
        "**/api/v1/images/upload/",
        lambda route: route.fulfill(status=503, body="", content_type="text/plain"),
    )
    pick(page, "rocket.jpg", "chelsea.png")
    tray = page.get_by_role("region", name="Uploads")
    expect(tray).to_contain_text("2 failed")
    context.unroute_all()
    tray.get_by_role("button", name="Upload rocket.jpg again").click()
    expect(tray).to_contain_text("1 image uploaded, 1 failed")
    tray.get_by_role("button", name="Upload chelsea.png again").click()
    expect(tray).to_contain_text("2 images uploaded")


def test_a_refused_file_is_named_with_the_reason(page: Page, watch: Watch) -> None:
    sign_up(page)
    watch.allow(r"^answer: 4\d\d to POST .*/images/upload/$")
    page.goto("/gallery/", wait_until="networkidle")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload", exact=True).click()
    chooser.value.set_files(
        [{"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"no picture at all"}]
    )
    tray = page.get_by_role("region", name="Uploads")
    expect(tray).to_contain_text("1 failed")
    expect(tray).to_contain_text("notes.jpg")
    expect(tray.get_by_role("alert")).not_to_be_empty()
    expect(tray.get_by_role("button", name="Upload notes.jpg again")).to_have_count(0)

"""`python -m benchmarks.page`: measure the web page in a real browser, with a service of its own.

Prints the time of a preview after a change, the size of the scripts that the gallery loads, the
time until its largest picture or text is painted, and the nodes of a gallery of 5,000 images.
"""

from __future__ import annotations

import argparse
import statistics
import time
from uuid import uuid4

from playwright.sync_api import Page, sync_playwright

from benchmarks.main_job import photograph
from scripts.local.installing import chromium
from tests.browser.conftest import ARGUMENTS
from tests.stack.service import Service, start_service

IMAGES = 5_000
PASSWORD = "plain-Words-4-everyone"

# Copies the row of the first image: the same picture with other names.
COPY = """
INSERT INTO image_processor_sourceimage (owner_id, stored_object_id, file_name, description,
    metadata, status, tags, focal_point, analysis_status, error_code, error_message)
SELECT owner_id, stored_object_id, 'copy ' || number || '.jpg', description, metadata, status,
    tags, focal_point, analysis_status, error_code, error_message
FROM image_processor_sourceimage, generate_series(1, %s) AS number WHERE id = %s
"""
LARGEST_PAINT = """
() => new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({
        type: "largest-contentful-paint", buffered: true,
    });
    setTimeout(() => resolve(null), 5000);
})
"""
SCRIPTS = """
() => performance.getEntriesByType("resource")
    .filter((one) => new URL(one.name).pathname.endsWith(".js"))
    .reduce((sum, one) => sum + one.encodedBodySize, 0)
"""
NODES = "document.querySelectorAll('main *').length"


def sign_up(page: Page, url: str) -> None:
    body = {"email": f"{uuid4().hex}@example.com", "password": PASSWORD}
    headers = {"X-Auth-Mode": "cookie", "Origin": url}
    answer = page.request.post(f"{url}/api/v1/auth/registration/", data=body, headers=headers)
    assert answer.status == 201, answer.text()


def upload(page: Page, url: str, content: bytes) -> int:
    form = {"file": {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content}}
    answer = page.request.post(
        f"{url}/api/v1/images/upload/", multipart=form, headers={"Origin": url}
    )
    assert answer.status == 201, answer.text()
    return int(answer.json()["id"])


def await_thumbnail(page: Page, url: str, image: int) -> None:
    while not page.request.get(f"{url}/api/v1/images/{image}/").json()["thumbnail"]:
        time.sleep(0.2)
    time.sleep(2)  # the proxy is written after the thumbnail


def previews(page: Page, url: str, image: int, times: int) -> list[float]:
    """Return the milliseconds from a change of a step until a new preview is shown."""
    page.goto(f"{url}/image/?id={image}")
    page.get_by_alt_text("Preview of the result").wait_for()
    page.get_by_role("button", name="Add a step").click()
    page.get_by_role("searchbox", name="Search operations").fill("brightness")
    page.keyboard.press("Enter")
    amount = page.get_by_label("Amount", exact=True).first
    amount.wait_for()
    milliseconds = []
    for number in range(times):
        page.wait_for_timeout(1500)  # until the second preview, in the result's format, has come
        source = page.get_by_alt_text("Preview of the result").get_attribute("src")
        start = time.perf_counter()
        amount.fill(str(number + 3))
        page.wait_for_function(
            "(old) => document.querySelector(\"img[alt='Preview of the result']\").src !== old",
            arg=source,
            polling=10,
        )
        milliseconds.append((time.perf_counter() - start) * 1000)
    return milliseconds


def measure(service: Service, times: int) -> None:
    program = chromium.find()
    assert program, chromium.MISSING
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.set_default_timeout(60_000)
        sign_up(page, service.url)
        image = upload(page, service.url, photograph())
        await_thumbnail(page, service.url, image)

        waits = previews(page, service.url, image, times)
        print(f"preview of 12 MP after a change: median {statistics.median(waits):.0f} ms of")
        print(f"  {times}, at most {max(waits):.0f} ms, including 100 ms of debouncing")

        service.query(COPY, IMAGES - 1, image)
        paints = []
        for _ in range(5):
            page.goto(f"{service.url}/gallery/")
            page.locator("[data-tile]").first.wait_for()
            paints.append(float(page.evaluate(LARGEST_PAINT)))
        scripts = page.evaluate(SCRIPTS) / 1000
        print(f"gallery: {scripts:.0f} kB of compressed scripts, including prefetches")
        print(f"gallery: largest paint after {statistics.median(paints):.0f} ms, median of 5")

        max_nodes = 0
        images = 0
        for _ in range(400):
            page.mouse.wheel(0, 4000)
            page.wait_for_timeout(60)
            max_nodes = max(max_nodes, int(page.evaluate(NODES)))
            tiles = page.locator("[data-tile]")
            last = tiles.last.get_attribute("data-tile") if tiles.count() else None
            images = max(images, int(last or 0) + 1)
            if images >= IMAGES:
                break
        print(f"gallery of {IMAGES} images: scrolled to image {images}, at most {max_nodes} nodes")
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=15, help="number of previews")
    times = parser.parse_args().times
    with start_service(RATE_LIMITS="off") as service:
        measure(service, times)


if __name__ == "__main__":
    main()

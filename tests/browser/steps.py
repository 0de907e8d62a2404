"""Steps of several tests, done through the API with the browser's cookies."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import APIResponse, Page

from tests.scripts.processes import until

PHOTOS = Path(__file__).parents[1] / "photos"
# Requests with cookies must name their origin. `page.request` does not send it by itself.
FROM_THE_PAGE = {"Sec-Fetch-Site": "same-origin"}
PASSWORD = "a-long-pass-phrase-7"


def sign_up(page: Page) -> str:
    """Register an account, sign in with cookies like the page, and return the e-mail address."""
    email = f"{uuid.uuid4().hex}@example.com"
    post(
        page,
        "/auth/registration/",
        {"email": email, "password": PASSWORD},
        headers={"X-Auth-Mode": "cookie"},
    )
    return email


def upload(page: Page, path: Path) -> int:
    """Upload a file for the signed-in account and return the image's id."""
    answer = page.request.post(
        "/api/v1/images/upload/",
        headers=FROM_THE_PAGE,
        multipart={
            "file": {
                "name": path.name,
                "mimeType": "application/octet-stream",
                "buffer": path.read_bytes(),
            }
        },
    )
    return int(_json_of(answer)["id"])


def transform(page: Page, image: int, *transformations: dict[str, Any], **options: Any) -> int:
    """Submit a pipeline, wait until the task has ended, and return its id."""
    body = {"transformations": list(transformations), **options}
    task = post(page, f"/images/{image}/transform/", body)["id"]
    # Each request waits on the server.
    until(
        lambda: task_of(page, task)["status"] not in ("PENDING", "IN_PROGRESS"),
        f"the end of task {task}",
    )
    return int(task)


def task_of(page: Page, task: int) -> dict[str, Any]:
    """Get the task; the server waits some seconds for its end."""
    return _json_of(page.request.get(f"/api/v1/tasks/{task}/?wait=5"))


def post(page: Page, path: str, body: Any, headers: dict[str, str] | None = None) -> Any:
    """Send a request that must succeed and return its answer. `path` is below `/api/v1`."""
    return _json_of(
        page.request.post(f"/api/v1{path}", data=body, headers={**FROM_THE_PAGE, **(headers or {})})
    )


def path_of(page: Page) -> str:
    """Return the address of the page without the origin."""
    parts = urlsplit(page.url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _json_of(answer: APIResponse) -> Any:
    assert answer.ok, f"{answer.status} to {answer.url}: {answer.text()}"
    return answer.json()

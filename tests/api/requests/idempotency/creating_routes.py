"""The routes that create an object."""

from __future__ import annotations

from tests.api.routes import PUBLIC, Route, routes

# Routes that answer POST and create no object.
NOT_CREATING = {
    "task-cancel",
    "task-retry",
    "direct-upload-complete",  # creates one image for each upload, however often it is requested
    "image-preview",
    "image-file-size",
    "webhook-redeliver",
    "webhook-rotate-secret",
    "tasks-retry-failed",
    "batch-cancel",
    "batch-retry-failed",
    "images-zip",
    "transformed-images-zip",
    "password-change",
    "alias-users-me-change-password",
    "image-transform-plan",
    # These routes refuse every request until their service is configured.
    "image-analyze",
    "payments-create",
    "payments-confirm",
}
CREATING = [
    route
    for route in routes()
    if route.method == "post" and route.name not in PUBLIC | NOT_CREATING
]


def creation_status(route: Route) -> int:
    """The status of the answer to a creation: 202 if a worker finishes it."""
    return 202 if route.name == "image-import" else 201

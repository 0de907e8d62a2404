"""What can go wrong: one class per meaning, each with what the service said about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # tasks are made of answers, and answers raise what is here
    from image_processing_client.records import Image, Task


class ClientError(Exception):
    """The base of every error of this package."""


class ConnectionFailed(ClientError):
    """No answer, whatever was tried: unreachable, broken off, too slow, or no such host."""


class UnexpectedAnswer(ClientError):
    """Something answered that is not this service, such as the login page of a proxy."""


class WaitTimedOut(ClientError):
    """What was waited for had not ended when the time was over. It goes on at the service.

    `awaited` is the task or the image as it was then.
    """

    def __init__(self, awaited: Task | Image, seconds: float) -> None:
        kind = type(awaited).__name__
        super().__init__(f"{kind} {awaited.id} is still {awaited.status} after {seconds:g} s.")
        self.awaited = awaited


class ImportFailed(ClientError):
    """The image could not be imported; `image.error_code` says why."""

    def __init__(self, image: Image) -> None:
        super().__init__(f"Image {image.id}: {image.error_message} ({image.error_code})")
        self.image = image


class TaskFailed(ClientError):
    """The task ended without a result; `task.error_code` says why."""

    def __init__(self, task: Task) -> None:
        reason = f": {task.error_message} ({task.error_code})" if task.error_code else ""
        super().__init__(f"Task {task.id} is {task.status}{reason}")
        self.task = task


@dataclass(frozen=True, slots=True)
class RefusedValue:
    """One value that was refused: where it stands in the body (JSON pointer), and why."""

    pointer: str
    code: str
    detail: str
    limit: Any = None
    actual: Any = None


class APIError(ClientError):
    """The service refused the request. `code` is stable, `detail` is for people."""

    def __init__(
        self,
        detail: str,
        *,
        status: int,
        code: str,
        title: str = "",
        limit: Any = None,
        actual: Any = None,
        errors: Sequence[RefusedValue] = (),
        request_id: str | None = None,
        retry_after: float | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.code = code
        self.title = title
        self.limit = limit
        self.actual = actual
        self.errors = tuple(errors)
        self.request_id = request_id
        self.retry_after = retry_after  # seconds
        self.body = dict(body or {})

    def __str__(self) -> str:
        lines = [f"{self.detail} ({self.status} {self.code})"]
        if self.errors and [one.detail for one in self.errors] != [self.detail]:
            lines += [f"  {one.pointer or '/'}: {one.detail}" for one in self.errors]
        if self.status >= 500 and self.request_id:
            lines.append(f"  request id: {self.request_id}")
        return "\n".join(lines)


class InvalidRequest(APIError):
    """400, 413, 415, 422: the picture, the steps or the form are not acceptable as they are."""


class NotSignedIn(APIError):
    """401: no key or token, or one that is not valid (any more)."""


class PaymentRequired(APIError):
    """402."""


class PermissionDenied(APIError):
    """403: signed in, but not allowed to."""


class NotFound(APIError):
    """404, 410: there is no such object of yours, or not any more."""


class Conflict(APIError):
    """409, 412: not in the object's present state."""


class RateLimited(APIError):
    """429, after the retries; `retry_after` is in seconds."""


class StorageFull(APIError):
    """507."""


class ServiceFailed(APIError):
    """Any other 5xx; give `request_id` to the operator."""


BY_STATUS: dict[int, type[APIError]] = {
    400: InvalidRequest,
    401: NotSignedIn,
    402: PaymentRequired,
    403: PermissionDenied,
    404: NotFound,
    409: Conflict,
    410: NotFound,
    412: Conflict,
    413: InvalidRequest,
    415: InvalidRequest,
    422: InvalidRequest,
    429: RateLimited,
    507: StorageFull,
}

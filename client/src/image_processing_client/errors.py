"""The exceptions of this package, one class per kind of error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # at run time this would be an import cycle
    from image_processing_client.records import Image, Task


class ClientError(Exception):
    """The base of every error of this package."""


class ConnectionFailed(ClientError):
    """No answer after all retries: unreachable, disconnected, too slow, or an unknown host."""


class UnexpectedAnswer(ClientError):
    """The answer does not come from the service, but for example from a proxy's login page."""


class WaitTimedOut(ClientError):
    """A task or an import took longer than the timeout. It continues at the service.

    `latest` is the task or the image at the end of the wait.
    """

    def __init__(self, latest: Task | Image, seconds: float) -> None:
        kind = type(latest).__name__
        super().__init__(f"{kind} {latest.id} is still {latest.status} after {seconds:g} s.")
        self.latest = latest


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
    """An invalid value in the request body: its place (a JSON pointer) and the reason."""

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
    """400, 413, 415, 422: the picture, the steps or other values are invalid."""


class NotSignedIn(APIError):
    """401: no key or token, or an invalid or expired one."""


class PaymentRequired(APIError):
    """402: the account has to pay first."""


class PermissionDenied(APIError):
    """403: signed in, but not allowed."""


class NotFound(APIError):
    """404, 410: your account has no such object, or no longer."""


class Conflict(APIError):
    """409, 412: impossible in the object's present state."""


class RateLimited(APIError):
    """429, after the retries; `retry_after` is in seconds."""


class StorageFull(APIError):
    """507: the storage of the service is full. A full quota of the account is 403."""


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

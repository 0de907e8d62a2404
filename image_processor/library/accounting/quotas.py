"""Quotas of an owner: bytes stored, images, tasks in a month, unfinished tasks.

A request is counted first and checked afterwards. Counting locks the owner's `Usage` row until the
transaction ends, so concurrent requests of one owner follow each other. A refusal rolls its count
back with everything else that the transaction wrote.
"""

from __future__ import annotations

from image_processor.library.accounting import usage
from image_processor.library.accounting.usage import CurrentUsage
from utils.errors import DomainError


class QuotaExceeded(DomainError):
    code = "quota_exceeded"
    status = 403
    title = "Quota used up"

    def __init__(self, quota: str, detail: str, *, limit: int, actual: int) -> None:
        super().__init__(detail, limit=limit, actual=actual, members={"quota": quota})


def admit_task(owner_id: int, *, runs: bool) -> None:
    """Count a new task; see `admit_tasks`."""
    admit_tasks(owner_id, 1, running=int(runs))


def admit_tasks(owner_id: int, count: int, *, running: int) -> None:
    """Count new tasks, all or none; `running` of them have work to do. At most two queries.

    Every submitted task counts for its month, even if it succeeds at once or is deleted later.
    Raises `QuotaExceeded`.
    """
    current = usage.add(owner_id, tasks=count)
    _require_tasks(current, current.tasks_this_month)
    if running:
        _require_capacity(owner_id, current, running)


def require_task(owner_id: int, *, runs: bool) -> None:
    """Raise `QuotaExceeded` unless `admit_task` would accept a task now."""
    current = usage.read(owner_id)
    _require_tasks(current, current.tasks_this_month + 1)
    if runs:
        _require_capacity(owner_id, current, 1)


def admit_retry(owner_id: int, count: int = 1) -> None:
    """Let finished tasks run again: they count as unfinished, but not again for the month.

    At most two queries. Raises `QuotaExceeded`.
    """
    _require_capacity(owner_id, usage.add(owner_id), count)


def require_room(owner_id: int, size: int, *, images: int = 0) -> None:
    """Raise `QuotaExceeded` unless there is room for so many more bytes and images now."""
    current = usage.read(owner_id)
    if images:
        _require_images(current, current.images + images)
    _require_bytes(current, current.bytes_stored + size)


def add_stored(owner_id: int, size: int, *, images: int = 0, within_quota: bool = False) -> None:
    """Count the bytes of new objects and texts, and new images. One query.

    Negative numbers are those of deleted ones. Results are counted even without room, because
    their tasks were admitted. `within_quota` raises `QuotaExceeded` when there is no room for what
    is added; an image without texts needs no bytes.
    """
    current = usage.add(owner_id, size=size, images=images)
    if within_quota and images > 0:
        _require_images(current, current.images)
    if within_quota and size > 0:
        _require_bytes(current, current.bytes_stored)


def _require_images(current: CurrentUsage, total: int) -> None:
    limit = current.limits.images
    if limit is not None and total > limit:
        raise QuotaExceeded(
            "images",
            f"You would have {total} images; {limit} are allowed. Delete some first.",
            limit=limit,
            actual=total,
        )


def _require_tasks(current: CurrentUsage, total: int) -> None:
    limit = current.limits.tasks_this_month
    if limit is not None and total > limit:
        raise QuotaExceeded(
            "tasks_this_month",
            f"This would be task {total} of this month; {limit} are allowed.",
            limit=limit,
            actual=total,
        )


def _require_bytes(current: CurrentUsage, total: int) -> None:
    limit = current.limits.bytes_stored
    if limit is not None and total > limit:
        raise QuotaExceeded(
            "bytes_stored",
            f"You would have {total} bytes stored; {limit} are allowed. Delete something first.",
            limit=limit,
            actual=total,
        )


def _require_capacity(owner_id: int, current: CurrentUsage, count: int) -> None:
    """Refuse `count` more unfinished tasks if they are too many, or if no bytes are left."""
    limit = current.limits.bytes_stored
    if limit is not None and current.bytes_stored >= limit:
        raise QuotaExceeded(
            "bytes_stored",
            f"You have {current.bytes_stored} bytes stored; {limit} are allowed. "
            "There is no room for a result.",
            limit=limit,
            actual=current.bytes_stored,
        )
    limit = current.limits.concurrent_tasks
    if limit is None:
        return
    unfinished = usage.count_unfinished_tasks(owner_id, most=limit)
    total = unfinished + count
    if total > limit:
        raise QuotaExceeded(
            "concurrent_tasks",
            f"You have {unfinished} unfinished tasks and would have {total}; {limit} are "
            "allowed. Wait until some of them end.",
            limit=limit,
            actual=total,
        )

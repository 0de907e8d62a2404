"""Ask a worker for a preview and wait for the image, which is stored nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from redis import RedisError

from image_processor.jobs.connection import close_idle_connection
from image_processor.jobs.queues import INTERACTIVE
from image_processor.transform import answers
from image_processor.transform.preview_plans import PlannedPreview
from utils import messages
from utils.errors import DomainError
from utils.slots import NoFreeSlot, Slots

TASK = "image_processor.tasks.preview"
WAIT_SECONDS = 15

_slots = Slots(settings.MAX_WAITING_REQUESTS, per_owner=settings.MAX_WAITING_REQUESTS_OF_ONE_USER)


class PreviewUnavailable(DomainError):
    code = "preview_unavailable"
    status = 503
    title = "Preview unavailable"
    transient = True


@dataclass(frozen=True)
class PreviewImage:
    """The bytes of a preview, and its size in pixels."""

    data: bytes
    content_type: str
    width: int
    height: int


class PendingPreview:
    """A preview that a worker renders at this moment."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._answer: answers.Answer | None = None

    def wait(self, seconds: float) -> bool:
        """Wait at most so many seconds; return whether the worker has answered.

        Raises `PreviewUnavailable` if the cache, which carries the answer, does not answer.
        """
        try:
            self._answer = answers.pop(self._key, seconds)
        except RedisError as error:
            raise PreviewUnavailable("The cache for previews is not responding.") from error
        return self.is_answered

    @property
    def is_answered(self) -> bool:
        """Whether the worker has answered."""
        return self._answer is not None

    def image(self) -> PreviewImage:
        """Return the preview. Raises the worker's error, `PreviewUnavailable` without an answer."""
        if self._answer is None:
            raise PreviewUnavailable(
                f"No worker finished the preview within {WAIT_SECONDS} seconds.",
                limit=WAIT_SECONDS,
            )
        if isinstance(self._answer, DomainError):
            raise self._answer
        assert not isinstance(self._answer, answers.SizeEstimate)
        return PreviewImage(*self._answer)


@contextmanager
def request_preview(planned: PlannedPreview, owner_id: int) -> Iterator[PendingPreview]:
    """Have a worker render a preview; the caller waits for it inside the block.

    The worker stops when the block is left without an answer. Raises `PreviewUnavailable` if too
    many previews are pending, of all users or of this one, or if the broker does not take the
    message.
    """
    try:
        _slots.take(owner_id)
    except NoFreeSlot as full:
        raise _refusal(full) from full
    try:
        key = answers.new_key()
        _send(planned, key)
        pending = PendingPreview(key)
        close_idle_connection()
        try:
            yield pending
        finally:
            if not pending.is_answered:
                answers.abandon(key)
    finally:
        _slots.release(owner_id)


def _refusal(full: NoFreeSlot) -> PreviewUnavailable:
    if full.of_owner:
        detail = (
            f"At most {full.limit} of your previews can be made at a time. Try again when one is "
            "finished."
        )
    else:
        detail = "Too many previews are being made at the moment. Try again shortly."
    return PreviewUnavailable(detail, limit=full.limit)


def _send(planned: PlannedPreview, key: str) -> None:
    sent = messages.send(
        TASK,
        INTERACTIVE.name,
        args=[json.dumps({**planned.message, "key": key})],
        expires=answers.MESSAGE_SECONDS,
        **INTERACTIVE.time_limits,
    )
    if not sent:
        raise PreviewUnavailable("The workers' queue is not responding.")

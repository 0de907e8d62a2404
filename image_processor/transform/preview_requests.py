"""Ask a worker for a preview and wait for the image, which is stored nowhere."""

from __future__ import annotations

import json
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
WAIT_SECONDS = answers.LONGEST_WAIT_SECONDS

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


def request_preview(planned: PlannedPreview, owner_id: int, key: str) -> PreviewImage:
    """Have a worker render a preview, and wait for it once. The answer goes by `key`.

    `answers.end(key)`, from another thread, ends the wait. Without an answer, the worker stops.
    Raises the worker's error, and `PreviewUnavailable` if too many previews are pending, of all
    users or of this one, if broker or cache do not respond, or without an answer in time.
    """
    try:
        _slots.take(owner_id)
    except NoFreeSlot as full:
        raise _refusal(full) from full
    try:
        _send(planned, key)
        close_idle_connection()
        return _image(_await(key))
    finally:
        _slots.release(owner_id)


def _await(key: str) -> answers.Answer:
    try:
        answer = answers.pop(key, WAIT_SECONDS)
    except RedisError as error:
        answers.abandon(key)
        raise PreviewUnavailable("The cache for previews is not responding.") from error
    if answer is None:
        answers.abandon(key)
        raise PreviewUnavailable(
            f"No worker finished the preview within {WAIT_SECONDS} seconds.", limit=WAIT_SECONDS
        )
    return answer


def _image(answer: answers.Answer) -> PreviewImage:
    if isinstance(answer, answers.Ended):
        raise PreviewUnavailable(
            "The client closed its side of the connection before the preview was finished."
        )
    if isinstance(answer, DomainError):
        raise answer
    assert not isinstance(answer, answers.SizeEstimate)
    return PreviewImage(*answer)


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

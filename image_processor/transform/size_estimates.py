"""Have a worker estimate the size of a result's file, and wait for the number.

An estimate takes seconds, so it has a queue of its own: no preview waits for it. It is a
convenience, so whatever fails leads to no estimate and never to an error.
"""

from __future__ import annotations

import json
from typing import Any

import structlog
from django.conf import settings
from redis import RedisError

from image_processor import configured_limits
from image_processor.engine import Facts, has_estimate, plan
from image_processor.jobs.connection import close_idle_connection
from image_processor.jobs.queues import ESTIMATES
from image_processor.library.readiness import require_object, require_ready
from image_processor.models import SourceImage
from image_processor.transform import answers, pipelines
from utils import messages
from utils.slots import Slots

TASK = "image_processor.tasks.estimate_size"
WAIT_SECONDS = 10

# Half as many as previews: an estimate must not take the threads of what matters more. An owner's
# newer estimate shares the slot of the older one, which ends at once.
_slots = Slots(max(1, settings.MAX_WAITING_REQUESTS // 2), shared=True)

log = structlog.get_logger(__name__)


def plan_estimate(image: SourceImage, **request: Any) -> dict[str, Any] | None:
    """The message to the worker for a request (see `pipelines.parse`); None for no estimate.

    Raises what `submit` raises for a request that it refuses.
    """
    given = pipelines.parse(image.owner_id, **request)
    require_ready(image)
    facts = Facts.from_dict(image.metadata)
    planned = plan(facts, given.pipeline, configured_limits.limits())
    if not has_estimate(facts, planned, given.pipeline.output):
        return None
    return {
        "source": require_object(image).key,
        "facts": facts.to_dict(),
        "pipeline": given.pipeline.with_focal_point(facts, image.focal_point).canonical(),
        "overlays": {str(pk): require_object(it).key for pk, it in given.overlays.items()},
    }


def estimate(message: dict[str, Any], owner_id: int, key: str) -> int | None:
    """Have a worker estimate, and wait for it once. The answer goes by `key`.

    None if there is no answer in time, if too many wait, if `answers.end(key)` ends the wait, or
    if the owner asks for a newer estimate: one owner has one estimate at a time.
    """
    with _slots.hold(owner_id) as is_free:
        if not is_free:
            return None
        try:
            _replace_older(owner_id, key)
            if not _send(message, key):
                return None
            close_idle_connection()
            answer = answers.pop(key, WAIT_SECONDS)
        except RedisError as error:
            log.warning("size_estimate_lost", key=key, error=str(error))
            answer = None
        if isinstance(answer, answers.SizeEstimate):
            return answer.size
        answers.abandon(key)
        return None


def _replace_older(owner_id: int, key: str) -> None:
    """End the owner's older estimate."""
    older = answers.exchange(f"size-estimate:{owner_id}", key, WAIT_SECONDS)
    if older is not None:
        answers.end(older)


def _send(message: dict[str, Any], key: str) -> bool:
    return messages.send(
        TASK,
        ESTIMATES.name,
        args=[json.dumps({**message, "key": key})],
        expires=answers.MESSAGE_SECONDS,
        **ESTIMATES.time_limits,
    )

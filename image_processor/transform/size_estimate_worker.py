"""The worker's part of an estimate of a file's size."""

from __future__ import annotations

import json
from typing import Any

import structlog

from image_processor import configured_limits
from image_processor.engine import Deadline, Facts, Pipeline, estimate_bytes
from image_processor.jobs.queues import ESTIMATES
from image_processor.storage import object_storage
from image_processor.transform import answers
from image_processor.transform.abandonment import Abandoned, abandonment_check
from utils.errors import DomainError

log = structlog.get_logger(__name__)


def estimate(text: str) -> None:
    """Estimate what a message describes, and push the number, or None if there is none."""
    message = json.loads(text)
    key: str = message["key"]
    try:
        size = _estimate(message)
    except Abandoned:
        log.info("size_estimate_abandoned", key=key)
        return
    except DomainError as error:
        log.info("size_not_estimated", key=key, code=error.code)
        size = None
    except Exception:
        log.exception("size_estimate_crashed", key=key)
        size = None
    answers.push(key, answers.SizeEstimate(size))


def _estimate(message: dict[str, Any]) -> int | None:
    stop_if_abandoned = abandonment_check(message["key"])
    stop_if_abandoned(0.0)
    storage = object_storage()
    return estimate_bytes(
        storage.get(message["source"]),
        Facts.from_dict(message["facts"]),
        Pipeline.from_canonical(message["pipeline"]),
        configured_limits.limits(),
        overlays={int(pk): storage.get(name) for pk, name in message["overlays"].items()},
        checkpoint=stop_if_abandoned,
        deadline=Deadline.after(ESTIMATES.deadline),
    )

"""The worker's part of a preview: render what the message describes, and push the answer."""

from __future__ import annotations

import json
import math
import time
from typing import Any

import structlog

from image_processor import configured_limits
from image_processor.engine import (
    Deadline,
    Facts,
    Pipeline,
    Preview,
    content_type,
    estimate_bytes,
    preview,
)
from image_processor.jobs.queues import INTERACTIVE
from image_processor.storage import object_storage
from image_processor.transform import preview_answers
from image_processor.transform.preview_requests import PreviewUnavailable
from utils.errors import DomainError

# Seconds between two checks, each of which asks Redis. The engine calls its checkpoint more often.
CHECK_SECONDS = 0.25

log = structlog.get_logger(__name__)


class Abandoned(Exception):
    """Nobody waits for the preview any more."""


def render(text: str) -> None:
    """Render the preview that a message describes; push the preview, or the error."""
    message = json.loads(text)
    key: str = message["key"]
    answer: preview_answers.Answer
    try:
        made, result_bytes = _render(message)
        answer = (made.data, content_type(made.format), made.width, made.height, result_bytes)
    except Abandoned:
        log.info("preview_abandoned", key=key)
        return
    except DomainError as error:
        answer = error
    except Exception:
        log.exception("preview_crashed", key=key)
        answer = PreviewUnavailable("Something went wrong on our side.")
    preview_answers.push(key, answer)


def _render(message: dict[str, Any]) -> tuple[Preview, int | None]:
    """The preview and, if it is encoded, about how large the file of the result will be."""
    checked_at = -math.inf

    def stop_if_abandoned(progress: float) -> None:
        nonlocal checked_at
        now = time.monotonic()
        if now - checked_at < CHECK_SECONDS:
            return
        checked_at = now
        if preview_answers.is_abandoned(message["key"]):
            raise Abandoned

    stop_if_abandoned(0.0)
    storage = object_storage()
    facts = Facts.from_dict(message["facts"])
    pipeline = Pipeline.from_canonical(message["pipeline"])
    limits = configured_limits.limits()
    overlays = {int(pk): storage.get(it["key"]) for pk, it in message["overlays"].items()}
    deadline = Deadline.after(INTERACTIVE.deadline)
    made = preview(
        storage.get(message["source"]["key"]),
        Facts.from_dict(message["source"]["facts"]),
        facts,
        pipeline,
        limits,
        encoded=message["encoded"],
        overlays=overlays,
        checkpoint=stop_if_abandoned,
        deadline=deadline,
    )
    if not message["encoded"]:
        return made, None
    result_bytes = estimate_bytes(
        storage.get(message["original"]["key"]),
        facts,
        pipeline,
        limits,
        overlays=overlays,
        checkpoint=stop_if_abandoned,
        deadline=deadline,
    )
    return made, result_bytes

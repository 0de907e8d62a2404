"""The worker's part of a preview: render what the message describes, and push the answer."""

from __future__ import annotations

import json
from typing import Any

import structlog

from image_processor import configured_limits
from image_processor.engine import (
    Deadline,
    Facts,
    Pipeline,
    Preview,
    PreviewPlan,
    content_type,
    preview,
)
from image_processor.jobs.queues import INTERACTIVE
from image_processor.storage import object_storage
from image_processor.transform import answers
from image_processor.transform.abandonment import Abandoned, abandonment_check
from image_processor.transform.preview_requests import PreviewUnavailable
from utils.errors import DomainError

log = structlog.get_logger(__name__)


def render(text: str) -> None:
    """Render the preview that a message describes; push the preview, or the error."""
    message = json.loads(text)
    key: str = message["key"]
    answer: answers.Answer
    try:
        made = _render(message)
        answer = (made.data, content_type(made.format), made.width, made.height)
    except Abandoned:
        log.info("preview_abandoned", key=key)
        return
    except DomainError as error:
        answer = error
    except Exception:
        log.exception("preview_crashed", key=key)
        answer = PreviewUnavailable("Something went wrong on our side.")
    answers.push(key, answer)


def _render(message: dict[str, Any]) -> Preview:
    stop_if_abandoned = abandonment_check(message["key"])
    stop_if_abandoned(0.0)
    storage = object_storage()
    return preview(
        storage.get(message["source"]["key"]),
        Facts.from_dict(message["source"]["facts"]),
        Facts.from_dict(message["facts"]),
        Pipeline.from_canonical(message["pipeline"]),
        configured_limits.limits(),
        planned=PreviewPlan.from_dict(message["plan"]),
        encoded=message["encoded"],
        overlays={int(pk): storage.get(it["key"]) for pk, it in message["overlays"].items()},
        checkpoint=stop_if_abandoned,
        deadline=Deadline.after(INTERACTIVE.deadline),
    )

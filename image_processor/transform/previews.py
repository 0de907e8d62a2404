"""Previews: asked of the interactive worker, answered through the shared cache, kept nowhere.

A message says everything that the worker needs, so that it asks no database. Its answer lies in
the cache under a random key for a moment, and whoever waits there fetches it. When nobody waits
any more, the message says so too: it expires, and a mark in the cache stops the work.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache

from image_processor import conf
from image_processor.engine import (
    Deadline,
    Facts,
    Pipeline,
    Plan,
    Preview,
    content_type,
    engine_version,
    plan,
    preview,
    scale_wanted,
)
from image_processor.jobs.connections import let_go
from image_processor.jobs.places import Places
from image_processor.jobs.queues import INTERACTIVE
from image_processor.jobs.wakeups import time_limits
from image_processor.library.readiness import object_of, require_ready
from image_processor.models import SourceImage, StoredObject
from image_processor.storage import object_storage
from image_processor.transform.submit import asked
from utils import messages
from utils.errors import DomainError

TASK = "image_processor.tasks.preview"
# How long a caller waits, and how long an answer that nobody fetched stays.
WAIT_SECONDS = 15
_ANSWER_SECONDS = 30
# When a message is thrown away by itself: by the clocks of two machines, which may differ. Until
# then the mark that nobody waits has to stay.
_MESSAGE_SECONDS = 60
# How often the cache is asked: at first in steps that nobody notices.
_POLLS = (0.005, 0.02)
_QUICK_SECONDS = 0.3
_PRESENCE_SECONDS = 0.5
# A proxy is as good as the source where it lacks no more than this of the pixels wanted.
_NEARLY = 0.98

log = structlog.get_logger(__name__)
_places = Places()


class PreviewUnavailable(DomainError):
    code = "preview_unavailable"
    status = 503
    title = "No preview can be made at this moment"
    transient = True


class Abandoned(Exception):
    """Nobody waits for the preview any more."""


@dataclass(frozen=True)
class Wanted:
    """A preview that may be made: valid, planned, nothing done yet.

    `planned` is the plan of the finished result, `most_bytes` the largest file that it may be.
    `etag` stands for the answer's bytes.
    """

    message: dict[str, Any]
    planned: Plan
    most_bytes: int | None
    etag: str


@dataclass(frozen=True)
class Shown:
    """The bytes of a preview, and its size in pixels."""

    data: bytes
    content_type: str
    width: int
    height: int

    def estimated_bytes(self, what: Wanted) -> int | None:
        """Of the finished file, if this one is encoded as that will be; None for animations."""
        if not what.message["encoded"] or what.planned.frames > 1:
            return None
        grown = what.planned.width * what.planned.height / (self.width * self.height)
        return min(round(len(self.data) * grown), what.most_bytes or sys.maxsize)


def wanted(image: SourceImage, *, encoded: bool = False, **request: Any) -> Wanted:
    """What a request (see `submit.asked`) asks to see of an image. Raises what `submit` refuses.

    `encoded` as in `engine.preview`.
    """
    given = asked(image.owner_id, **request)
    require_ready(image)
    facts = Facts.from_dict(image.metadata)
    planned = plan(facts, given.pipeline, conf.limits())
    pipeline = given.pipeline.with_focal_point(facts, image.focal_point)
    source = _source(image, scale_wanted(facts, pipeline, conf.limits()))
    message = {
        "source": _file(source),
        "facts": facts.to_dict(),
        "pipeline": pipeline.canonical(),
        "overlays": {str(pk): _file(_overlay(it)) for pk, it in given.overlays.items()},
        "encoded": encoded,
    }
    said = [image.metadata["sha256"], source.pk, pipeline.canonical(), given.digests, encoded]
    state = json.dumps([*said, engine_version()], sort_keys=True)
    etag = f'"{hashlib.sha256(state.encode()).hexdigest()[:32]}"'
    return Wanted(message, planned, pipeline.output.max_bytes, etag)


def show(what: Wanted, *, is_gone: Callable[[], bool] = lambda: False) -> Shown:
    """Have it made, and wait for it. Raises `PreviewUnavailable`, and what `engine.preview` does.

    When `is_gone` says that nobody waits for the answer any more, the worker is told.
    """
    with _places.taken() as free:
        if not free:
            limit = settings.MAX_WAITING_REQUESTS
            raise PreviewUnavailable(
                f"{limit} previews are being made for this part of the service, as many as it "
                "lets wait.",
                limit=limit,
            )
        key = f"preview:{uuid.uuid4().hex}"
        sent = messages.send(
            TASK,
            INTERACTIVE.name,
            args=[json.dumps({**what.message, "key": key})],
            expires=_MESSAGE_SECONDS,
            **time_limits(INTERACTIVE.name),
        )
        if not sent:
            raise PreviewUnavailable("The queue of the workers does not answer.")
        let_go()
        return _answer(key, is_gone)


def _answer(key: str, is_gone: Callable[[], bool]) -> Shown:
    begun = asked_at = time.monotonic()
    while (now := time.monotonic()) < begun + WAIT_SECONDS:
        answer = cache.get(key)
        if answer is not None:
            cache.delete(key)
            if isinstance(answer, DomainError):
                raise answer
            return Shown(*answer)
        if now >= asked_at + _PRESENCE_SECONDS:
            asked_at = now
            if is_gone():
                break
        time.sleep(_POLLS[now >= begun + _QUICK_SECONDS])
    cache.set(_abandoned(key), True, timeout=2 * _MESSAGE_SECONDS)
    raise PreviewUnavailable(
        f"No worker has made the preview within {WAIT_SECONDS} seconds.", limit=WAIT_SECONDS
    )


def make(text: str) -> None:
    """The worker's part: make what a message asks for, and lay the answer into the cache."""
    message = json.loads(text)
    key: str = message["key"]

    def still_wanted(progress: float) -> None:
        if cache.get(_abandoned(key)):
            raise Abandoned

    try:
        made = _made(message, still_wanted)
        answer: Any = (made.data, content_type(made.format), made.width, made.height)
    except Abandoned:
        log.info("preview_abandoned", key=key)
        return
    except DomainError as error:
        answer = error
    except Exception:
        log.exception("preview_crashed", key=key)
        answer = PreviewUnavailable("Something went wrong on our side.")
    cache.set(key, answer, timeout=_ANSWER_SECONDS)


def _made(message: dict[str, Any], still_wanted: Callable[[float], None]) -> Preview:
    still_wanted(0.0)
    storage = object_storage()
    return preview(
        storage.get(message["source"]["key"]),
        Facts.from_dict(message["source"]["facts"]),
        Facts.from_dict(message["facts"]),
        Pipeline.from_canonical(message["pipeline"]),
        conf.limits(),
        encoded=message["encoded"],
        overlays={int(pk): storage.get(it["key"]) for pk, it in message["overlays"].items()},
        checkpoint=still_wanted,
        deadline=Deadline.after(INTERACTIVE.deadline),
    )


def _abandoned(key: str) -> str:
    return f"{key}:abandoned"


def _source(image: SourceImage, scale: float) -> StoredObject:
    """The proxy where it has every pixel that is wanted, else the picture itself."""
    stored = object_of(image)
    proxy = stored.proxy if settings.IMAGE_PROXY else None
    if proxy is None or proxy.metadata["width"] < _NEARLY * scale * image.metadata["width"]:
        return stored
    return proxy


def _overlay(image: SourceImage) -> StoredObject:
    """A mark is small on a preview: its proxy has pixels enough."""
    stored = object_of(image)
    return (stored.proxy if settings.IMAGE_PROXY else None) or stored


def _file(stored: StoredObject) -> dict[str, Any]:
    return {"key": stored.key, "facts": asdict(Facts.from_dict(stored.metadata))}

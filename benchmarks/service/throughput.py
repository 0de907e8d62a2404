"""How fast a batch of distinct tasks is done, beside the bare engine in as many processes."""

from __future__ import annotations

import os
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple

import httpx

from benchmarks.service import processor_time
from image_processor.engine import Limits, Pipeline, inspect, render
from tests.stack.service import Service, upload

STEPS = [{"operation": "resize", "params": {"width": 800, "height": 600, "fit": "inside"}}]
_UNFINISHED = """
SELECT (SELECT count(*) FROM image_processor_derivation WHERE available_at IS NOT NULL)
    + (SELECT count(*) FROM image_processor_storedobject WHERE to_derive)
    + (SELECT count(*) FROM outbox_event WHERE due_at IS NOT NULL)
    + (SELECT count(*) FROM image_processor_transformationtask WHERE available_at IS NOT NULL)
"""
_WITHOUT_THUMBNAIL = """
SELECT count(*) FROM image_processor_storedobject
WHERE NOT derived AND metadata <> '{}' AND thumbnail_id IS NULL
"""
_limits = Limits()


class Bare(NamedTuple):
    """How long the engine alone took for all results, and in processor time for one."""

    seconds: float
    processor_ms: float


class Batch(NamedTuple):
    """How long a batch took, and the processor time of one task by program; in seconds."""

    seconds: float
    processor: dict[str, float]


def bare(data: bytes, count: int, processes: int) -> Bare:
    """Have the engine alone make `count` results."""
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        list(pool.map(_render_some, [(data, 1)] * processes))  # loads the libraries
        start = time.monotonic()
        used = sum(pool.map(_render_some, [(data, count // processes)] * processes))
        return Bare(time.monotonic() - start, used / count * 1000)


def batch(service: Service, client: httpx.Client, data: bytes, count: int) -> Batch:
    """Have the service make `count` results of distinct images; return what that took.

    The batch is over when its last thumbnail is made and its last event handled.
    """
    # Bytes after the picture make every file different.
    images = [upload(client, data + b"%06d" % number) for number in range(count)]
    _wait_until_idle(service)
    before = processor_time.by_program(service)
    start = time.monotonic()
    body = {"image_ids": images, "transformations": STEPS, "format": "jpeg"}
    made = client.post("/batches/", json=body).raise_for_status().json()
    _wait_until_idle(service)
    seconds = time.monotonic() - start
    after = processor_time.by_program(service)
    ended = client.get(f"/batches/{made['id']}/").json()
    assert ended["counts"]["SUCCESS"] == count, ended
    [(without,)] = service.query(_WITHOUT_THUMBNAIL)
    assert without == 0
    return Batch(seconds, {name: (after[name] - before[name]) / count for name in before})


def _wait_until_idle(service: Service) -> None:
    """Wait until no job, event or derivation is left; look seldom, because looking costs time."""
    while service.query(_UNFINISHED) != [(0,)]:
        time.sleep(1)


def _render_some(work: tuple[bytes, int]) -> float:
    """Render a picture several times; return the seconds of processor time."""
    data, count = work
    facts = inspect(data, _limits)
    pipeline = Pipeline.parse(STEPS, format="jpeg")
    start = time.process_time()
    for _ in range(count):
        render(data, facts, pipeline, _limits)
    return time.process_time() - start


def processes() -> int:
    """How many processes the worker of light tasks has."""
    return os.cpu_count() or 1

"""Somebody who means harm, and a look at the workers after each of their tries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import httpx
import pytest

from image_processor.jobs.queues import QUEUES
from tests.builders import pictures
from tests.scripts.processes import until
from tests.stack.service import Service, finished, signed_up, submit, upload

_FOOTPRINT = """
    SELECT (SELECT count(*) FROM image_processor_sourceimage WHERE owner_id = %s),
           (SELECT count(*) FROM image_processor_transformationtask WHERE owner_id = %s),
           (SELECT count(*) FROM image_processor_transformedimage WHERE owner_id = %s),
           (SELECT count(*) FROM image_processor_storedobject WHERE owner_id = %s)
"""
# Thumbnails and the like, which are made in the background and stored as well.
_BEING_DERIVED = """
    SELECT count(*) FROM image_processor_derivation AS derivation
    JOIN image_processor_storedobject AS stored ON stored.id = derivation.stored_object_id
    WHERE stored.owner_id = %s AND derivation.status IN ('PENDING', 'IN_PROGRESS')
"""


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[httpx.Client]:
    with signed_up(service) as client:
        yield client


@pytest.fixture
def no_worker_dies(service: Service) -> Iterator[None]:
    """No process of a worker ends on the way, but for those that have done their hundred tasks."""
    queues = sorted({queue.broker_queue for queue in QUEUES.values()})
    logs = [service.data / "logs" / f"worker-{queue}.log" for queue in queues]
    read = [log.stat().st_size for log in logs]
    before = [service.worker(queue).main for queue in queues]
    yield
    assert [service.worker(queue).main for queue in queues] == before
    for log, start in zip(logs, read, strict=True):
        written = log.read_bytes()[start:]
        assert b"exited with" not in written
        assert b"Hard time limit" not in written


@pytest.fixture(scope="module")
def work_goes_on(client: httpx.Client) -> Iterator[None]:
    """After all of a module's tries, the next task of anybody is done."""
    yield
    plain = submit(client, upload(client, pictures.jpeg(seed=99)), [{"operation": "flip"}])
    assert finished(client, plain)["status"] == "SUCCESS"


@pytest.fixture
def nothing_left(service: Service, client: httpx.Client) -> Callable[[], AbstractContextManager]:
    """What happens inside leaves no row of this person, and no object."""
    me = client.get("/auth/user/").json()["id"]

    def footprint() -> list[Any]:
        return service.query(_FOOTPRINT, me, me, me, me)

    @contextmanager
    def watch() -> Iterator[None]:
        until(lambda: service.query(_BEING_DERIVED, me) == [(0,)], "what is derived from pictures")
        before = footprint()
        yield
        assert footprint() == before

    return watch


@pytest.fixture
def end_of(client: httpx.Client) -> Callable[..., dict[str, Any]]:
    """Ask for a version of an image; the task when it has ended, in its first attempt."""

    def ask(image: int, *steps: dict[str, Any], **options: Any) -> dict[str, Any]:
        transformations = list(steps) or [{"operation": "flip", "params": {}}]
        done = finished(client, submit(client, image, transformations, **options), within=90)
        assert done["attempts"] <= 1, done  # a worker that died would have left another
        if done["status"] == "FAILED":
            assert done["error_code"] not in (None, "", "internal_error", "worker_lost"), done
            assert done["error_message"]
        return done

    return ask

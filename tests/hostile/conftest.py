"""A hostile client, and checks of the workers after its requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import httpx
import pytest

from image_processor.jobs.queues import QUEUES
from tests.builders import pictures
from tests.scripts.processes import until
from tests.stack.service import Service, register_client, submit, upload, wait_for_task

_FOOTPRINT = """
    SELECT (SELECT count(*) FROM image_processor_sourceimage WHERE owner_id = %s),
           (SELECT count(*) FROM image_processor_transformationtask WHERE owner_id = %s),
           (SELECT count(*) FROM image_processor_transformedimage WHERE owner_id = %s),
           (SELECT count(*) FROM image_processor_storedobject WHERE owner_id = %s)
"""
# Thumbnails and proxies, which are made in the background and stored, too.
_BEING_DERIVED = """
    SELECT count(*) FROM image_processor_derivation AS derivation
    JOIN image_processor_storedobject AS stored ON stored.id = derivation.stored_object_id
    WHERE stored.owner_id = %s AND derivation.status IN ('PENDING', 'IN_PROGRESS')
"""


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[httpx.Client]:
    with register_client(service) as client:
        yield client


@pytest.fixture(scope="module")
def no_worker_dies(service: Service) -> Iterator[None]:
    """Check after all tests of a module that no worker process has ended.

    Children that retire after a hundred tasks are no fault.
    """
    queues = sorted({queue.broker_queue for queue in QUEUES.values()})
    logs = [service.data / "logs" / f"worker-{queue}.log" for queue in queues]
    sizes = [log.stat().st_size for log in logs]
    before = [service.worker(queue).main for queue in queues]
    yield
    assert [service.worker(queue).main for queue in queues] == before
    for log, start in zip(logs, sizes, strict=True):
        written = log.read_bytes()[start:]
        assert b"exited with" not in written
        assert b"Hard time limit" not in written


@pytest.fixture(scope="module")
def work_goes_on(client: httpx.Client) -> Iterator[None]:
    """Check after all tests of a module that the next task succeeds."""
    yield
    plain = submit(client, upload(client, pictures.jpeg(seed=99)), [{"operation": "flip"}])
    assert wait_for_task(client, plain)["status"] == "SUCCESS"


@pytest.fixture
def nothing_left(service: Service, client: httpx.Client) -> Callable[[], AbstractContextManager]:
    """Return a context manager that checks that its block adds no row and no object."""
    me = client.get("/auth/user/").json()["id"]

    def footprint() -> list[Any]:
        return service.query(_FOOTPRINT, me, me, me, me)

    @contextmanager
    def watch() -> Iterator[None]:
        until(lambda: service.query(_BEING_DERIVED, me) == [(0,)], "the end of all derivations")
        before = footprint()
        yield
        assert footprint() == before

    return watch


@pytest.fixture
def end_of(client: httpx.Client) -> Callable[..., dict[str, Any]]:
    """Transform an image and return the ended task, which must have run in its first attempt."""

    def ask(image: int, *steps: dict[str, Any], **options: Any) -> dict[str, Any]:
        transformations = list(steps) or [{"operation": "flip", "params": {}}]
        done = wait_for_task(client, submit(client, image, transformations, **options), within=90)
        assert done["attempts"] <= 1, (
            done
        )  # after the death of a worker there would be a second attempt
        if done["status"] == "FAILED":
            assert done["error_code"] not in (None, "", "internal_error", "worker_lost"), done
            assert done["error_message"]
        return done

    return ask

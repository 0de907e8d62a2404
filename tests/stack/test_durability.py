"""Whatever dies in between, a task that was accepted ends well, and once."""

from __future__ import annotations

import os
import signal
from typing import Any

import httpx
import pytest

from tests.builders import pictures
from tests.scripts.processes import until
from tests.stack.service import Service, WorkerProcesses, finished, submit, task, upload

pytestmark = pytest.mark.stack

# Some seconds of work in small steps, different for each seed.
SLOW = [{"operation": "blur", "params": {"radius": 20}}] * 12


def test_workers_killed_in_the_middle_of_a_task(service: Service, client: httpx.Client) -> None:
    """First the child that does the work, then the whole worker with its next task."""
    first = begun(client, seed=1)
    for pid in worker_of(service, first).children:
        os.kill(pid, signal.SIGKILL)
    second = begun(client, seed=2)
    worker_of(service, second).send(signal.SIGKILL)

    for pk in (first, second):
        done = finished(client, pk, within=60)
        assert done["status"] == "SUCCESS", done
        assert done["attempts"] == 2
    results = client.get("/images/transformed/").json()["results"]
    assert sorted(result["transformation_task"] for result in results) == [first, second]


def begun(client: httpx.Client, *, seed: int) -> int:
    """A slow task in the middle of its work."""
    pk = submit(client, upload(client, pictures.jpeg(3000, 2000, seed=seed)), SLOW)

    def in_the_middle() -> bool:
        shown = task(client, pk)
        assert shown["status"] in ("PENDING", "IN_PROGRESS"), shown["error_code"]
        return bool(shown["progress"] > 0)

    until(in_the_middle, "the work to begin")
    return pk


def worker_of(service: Service, pk: int) -> WorkerProcesses:
    """The worker that serves a task's queue."""
    code = (
        f"from image_processor.models import *;print(TransformationTask.objects.get(pk={pk}).queue)"
    )
    return service.worker(service.manage(code))


def test_an_emptied_queue_loses_nothing(service: Service, client: httpx.Client) -> None:
    image = upload(client, pictures.jpeg(seed=9))
    worker = service.worker("light")
    worker.send(signal.SIGSTOP)
    try:
        waiting = [
            submit(client, image, [{"operation": "resize", "params": {"width": 20 + n}}])
            for n in range(50)
        ]
        service.manage(
            "import redis; from django.conf import settings;"
            "print(redis.Redis.from_url(settings.CELERY_BROKER_URL).flushdb())"
        )
        assert {task(client, pk)["status"] for pk in waiting} == {"PENDING"}
    finally:
        worker.send(signal.SIGCONT)

    ended = [finished(client, pk) for pk in waiting]

    assert [shown["status"] for shown in ended] == ["SUCCESS"] * 50
    assert len({shown["result_image"] for shown in ended}) == 50
    counts: Any = service.manage(
        "from image_processor.models import *;"
        f"mine = TransformedImage.objects.filter(transformation_task__in={waiting});"
        "print(mine.count(), Event.objects.filter(kind='task.succeeded',"
        f" payload__task__in={waiting}).count())"
    )
    assert counts == "50 50"


def test_a_cancelled_running_task_stops(service: Service, client: httpx.Client) -> None:
    image = upload(client, pictures.jpeg(3000, 2000, seed=10))
    pk = submit(client, image, SLOW)
    until(lambda: task(client, pk)["progress"] > 0, "the work to begin")
    answer = client.post(f"/tasks/{pk}/cancel/")
    assert answer.status_code == 200
    assert answer.json()["status"] == "CANCELLED"
    # The worker that had it is free for the next one.
    other = submit(client, image, SLOW[:1])
    assert finished(client, other)["status"] == "SUCCESS"
    assert task(client, pk)["status"] == "CANCELLED"
    assert client.post(f"/tasks/{pk}/retry/").json()["status"] == "PENDING"
    assert finished(client, pk)["status"] == "SUCCESS"


def test_a_submission_while_the_broker_is_frozen_is_answered_and_carried_out(
    service: Service, client: httpx.Client
) -> None:
    image = upload(client, pictures.jpeg(seed=11))
    redis = int(
        service.manage(
            "import redis; from django.conf import settings;"
            "print(redis.Redis.from_url(settings.CELERY_BROKER_URL).info()['process_id'])"
        )
    )
    os.kill(redis, signal.SIGSTOP)
    try:
        pk = submit(client, image, [{"operation": "flip", "params": {}}])
    finally:
        os.kill(redis, signal.SIGCONT)
    assert finished(client, pk)["status"] == "SUCCESS"

"""A cancelled task stops, and a caller who went away costs nothing but the task.

What dies, and what then becomes of tasks, is in tests/chaos.
"""

from __future__ import annotations

import json
import os
import signal
import socket
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.builders import pictures
from tests.chaos.slow_work import begun, slow_steps
from tests.scripts.processes import until
from tests.stack.service import Service, finished, submit, task, upload

pytestmark = pytest.mark.stack


def test_a_cancelled_running_task_stops(service: Service, client: httpx.Client) -> None:
    image = upload(client, pictures.jpeg(3000, 2000, seed=10))
    pk = submit(client, image, slow_steps(0, count=28))
    begun(client, pk)
    answer = client.post(f"/tasks/{pk}/cancel/")
    assert answer.status_code == 200
    assert answer.json()["status"] == "CANCELLED"
    until(lambda: given_up(service, pk), "the worker to stop")
    assert given_up(service, pk)[0]["at"] < 0.8  # long before the last of its steps
    # The worker that had it is free for the next one.
    other = submit(client, image, slow_steps(0, count=1))
    assert finished(client, other)["status"] == "SUCCESS"
    assert task(client, pk)["status"] == "CANCELLED"


def given_up(service: Service, pk: int) -> list[dict[str, Any]]:
    """What the worker has written about leaving a task unfinished."""
    lines = Path(service.data, "logs", "worker-heavy.log").read_text().splitlines()
    said = [json.loads(line) for line in lines if "job_given_up" in line]
    return [line for line in said if line["job"] == pk]


def test_temporary_files_of_a_killed_program_are_in_the_data_folder(service: Service) -> None:
    folder = os.environ.get("TMPDIR") or str(service.data / "tmp")
    assert service.environment()["TMPDIR"] == folder


def test_a_cancelled_task_can_be_had_after_all(client: httpx.Client) -> None:
    image = upload(client, pictures.jpeg(3000, 2000, seed=12))
    pk = submit(client, image, slow_steps(0, count=4))
    begun(client, pk)
    client.post(f"/tasks/{pk}/cancel/")
    assert client.post(f"/tasks/{pk}/retry/").json()["status"] == "PENDING"
    assert finished(client, pk)["status"] == "SUCCESS"


def test_callers_who_went_away_leave_their_places_to_others(
    service: Service, client: httpx.Client
) -> None:
    """A web process lets two callers wait; here many do, and hang up at once."""
    image = upload(client, pictures.jpeg(seed=13))
    worker = service.worker("light")
    worker.send(signal.SIGSTOP)
    with ThreadPoolExecutor(4) as threads:
        try:
            pk = submit(client, image, [{"operation": "flip", "params": {}}])
            for _ in range(16):
                ask_and_hang_up(client, pk)
            calls: list[Future[str]] = []
            # Long before the minute is over that those who hung up have asked for.
            until(lambda: all_wait(threads, calls, client, pk), "four places", within=40)
        finally:
            worker.send(signal.SIGCONT)
        # Each was held until the end: without a place it would have told of a waiting task.
        assert [call.result() for call in calls] == ["SUCCESS"] * 4


def ask_and_hang_up(client: httpx.Client, pk: int) -> None:
    address = urlsplit(str(client.base_url))
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(
            f"GET {address.path}tasks/{pk}/?wait=60 HTTP/1.1\r\n"
            f"Host: {address.netloc}\r\n"
            f"Authorization: {client.headers['Authorization']}\r\n\r\n".encode()
        )


def all_wait(
    threads: ThreadPoolExecutor, calls: list[Future[str]], client: httpx.Client, pk: int
) -> bool:
    """Whether four calls have places. Those that were answered, for want of one, ask again.

    A call without a place is answered as fast as one that asks for none: it does not outlast
    many of these.
    """
    calls[:] = [call for call in calls if not call.done()]
    calls += [threads.submit(status_in_the_end, client, pk) for _ in range(4 - len(calls))]
    for _ in range(25):
        task(client, pk)
    return not any(call.done() for call in calls)


def status_in_the_end(client: httpx.Client, pk: int) -> str:
    """Ask by a connection of its own, which may be any web process's, and wait."""
    answer = client.get(f"/tasks/{pk}/", params={"wait": 60}, headers={"Connection": "close"})
    return str(answer.json()["status"])

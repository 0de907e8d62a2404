"""A cancelled task stops, and a client that disconnects frees its place.

tests/chaos covers what happens to tasks when processes die.
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
from tests.chaos.slow_work import slow_steps, wait_until_begun
from tests.scripts.processes import until
from tests.stack.service import Service, get_task, submit, upload, wait_for_task

pytestmark = pytest.mark.stack


def test_a_cancelled_running_task_stops(service: Service, client: httpx.Client) -> None:
    image = upload(client, pictures.jpeg(3000, 2000, seed=10))
    pk = submit(client, image, slow_steps(0, count=28))
    wait_until_begun(client, pk)
    answer = client.post(f"/tasks/{pk}/cancel/")
    assert answer.status_code == 200
    assert answer.json()["status"] == "CANCELLED"
    until(lambda: give_up_log(service, pk), "the worker to stop")
    assert give_up_log(service, pk)[0]["at"] < 0.8  # long before the last of its steps
    # The worker that had it is free for the next one.
    other = submit(client, image, slow_steps(0, count=1))
    assert wait_for_task(client, other)["status"] == "SUCCESS"
    assert get_task(client, pk)["status"] == "CANCELLED"


def give_up_log(service: Service, pk: int) -> list[dict[str, Any]]:
    """Return the worker's log lines about giving the task up."""
    lines = Path(service.data, "logs", "worker-heavy.log").read_text().splitlines()
    events = [json.loads(line) for line in lines if "job_given_up" in line]
    return [event for event in events if event["job"] == pk]


def test_temporary_files_of_a_killed_program_are_in_the_data_folder(service: Service) -> None:
    folder = os.environ.get("TMPDIR") or str(service.data / "tmp")
    assert service.environment()["TMPDIR"] == folder


def test_a_cancelled_task_can_be_retried(client: httpx.Client) -> None:
    image = upload(client, pictures.jpeg(3000, 2000, seed=12))
    pk = submit(client, image, slow_steps(0, count=4))
    wait_until_begun(client, pk)
    client.post(f"/tasks/{pk}/cancel/")
    assert client.post(f"/tasks/{pk}/retry/").json()["status"] == "PENDING"
    assert wait_for_task(client, pk)["status"] == "SUCCESS"


def test_disconnected_clients_free_their_places(service: Service, client: httpx.Client) -> None:
    """A web process lets two clients wait. Here, many wait and disconnect at once."""
    image = upload(client, pictures.jpeg(seed=13))
    worker = service.worker("light")
    worker.send(signal.SIGSTOP)
    with ThreadPoolExecutor(4) as threads:
        try:
            pk = submit(client, image, [{"operation": "flip", "params": {}}])
            for _ in range(16):
                ask_and_hang_up(client, pk)
            calls: list[Future[str]] = []
            # Much earlier than after the minute that the disconnected clients asked for.
            until(lambda: all_wait(threads, calls, client, pk), "four places", within=40)
        finally:
            worker.send(signal.SIGCONT)
        # Each call waited until the end. A call without a place would have shown a waiting task.
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
    """Whether four calls have places. Calls that were answered without a place are repeated.

    A call without a place is answered as fast as a call that does not wait, so it does not last
    longer than many of those.
    """
    calls[:] = [call for call in calls if not call.done()]
    calls += [threads.submit(final_status, client, pk) for _ in range(4 - len(calls))]
    for _ in range(25):
        get_task(client, pk)
    return not any(call.done() for call in calls)


def final_status(client: httpx.Client, pk: int) -> str:
    """Wait for the task on a new connection, which any web process may accept."""
    answer = client.get(f"/tasks/{pk}/", params={"wait": 60}, headers={"Connection": "close"})
    return str(answer.json()["status"])

"""Users who submit many small tasks, and the count of their results."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg2

from tests.builders import pictures
from tests.chaos.figures import Figures
from tests.stack.service import Service, register_client, upload

USERS = 4
POLL_SECONDS = 0.25
RETRY_SECONDS = 0.5
MAX_POSTPONED = 1000

# All rows of the users, even if the answer to the request that made a row did not arrive.
_UNFINISHED = """
SELECT count(*) FROM image_processor_transformationtask
WHERE owner_id = ANY(%s) AND status IN ('PENDING', 'IN_PROGRESS')
"""
_DONE = """
SELECT count(*) FROM image_processor_transformationtask
WHERE owner_id = ANY(%s) AND status NOT IN ('PENDING', 'IN_PROGRESS')
"""
_SUCCEEDED = """
SELECT id FROM image_processor_transformationtask
WHERE owner_id = ANY(%s) AND status = 'SUCCESS'
"""
_ENDS = """
SELECT status, error_code, count(*) FROM image_processor_transformationtask
WHERE owner_id = ANY(%s) GROUP BY status, error_code
"""
_RUN_TWICE = """
SELECT count(*) FROM image_processor_transformationtask
WHERE owner_id = ANY(%s) AND attempts > 1 AND status = 'SUCCESS'
"""
# Each successful task has one result and one event; each fingerprint has one object.
_DUPLICATED = """
WITH mine AS (
    SELECT id, status, fingerprint FROM image_processor_transformationtask
    WHERE owner_id = ANY(%s)
), told AS (
    SELECT (payload->>'task')::bigint AS task, count(*) AS times FROM outbox_event
    WHERE kind IN ('task.succeeded', 'task.failed') GROUP BY 1
), kept AS (
    SELECT transformation_task_id AS task, count(*) AS times
    FROM image_processor_transformedimage GROUP BY 1
), objects AS (
    SELECT fingerprint, count(*) AS times FROM image_processor_storedobject GROUP BY 1
)
SELECT count(*) FROM mine
LEFT JOIN told ON told.task = mine.id
LEFT JOIN kept ON kept.task = mine.id
LEFT JOIN objects USING (fingerprint)
WHERE mine.status = 'SUCCESS'
  AND (told.times, kept.times, objects.times) IS DISTINCT FROM (1::bigint, 1::bigint, 1::bigint)
"""


@dataclass
class Crowd:
    """Some users of a service. No two of their tasks are equal.

    `postponed` holds the codes of 503 answers, after which the request was repeated; `refused`
    holds all other refusals.
    """

    service: Service
    clients: list[httpx.Client]
    images: list[int]
    owners: list[int]
    accepted: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    postponed: list[str] = field(default_factory=list)
    slowest: float = 0.0
    _submitted: int = 0

    def submit(self, count: int, *, pause: float = 0.0) -> None:
        """Submit `count` tasks, by all users at once; remember the slowest answer (seconds)."""
        numbers = range(self._submitted, self._submitted + count)
        self._submitted += count
        users = len(self.clients)
        with ThreadPoolExecutor(users) as threads:
            shares = [[n for n in numbers if n % users == user] for user in range(users)]
            for _ in threads.map(self._submit_all, range(users), shares, [pause] * users):
                pass

    def _submit_all(self, user: int, numbers: list[int], pause: float) -> None:
        for number in numbers:
            body = {
                "format": "png",
                "transformations": [
                    {
                        "operation": "resize",
                        "params": {"width": 8 + number % 90, "height": 8 + number // 90},
                    },
                    {"operation": "blur", "params": {"radius": 2}},
                ],
            }
            while not self._submit_once(user, body):
                time.sleep(RETRY_SECONDS)
            time.sleep(pause)

    def _submit_once(self, user: int, body: dict[str, Any]) -> bool:
        """Send one request. Return False when the service answers to try again."""
        start = time.monotonic()
        answer = self.clients[user].post(f"/images/{self.images[user]}/transform/", json=body)
        self.slowest = max(self.slowest, time.monotonic() - start)
        if answer.status_code == 503 and len(self.postponed) < MAX_POSTPONED:
            self.postponed.append(answer.json()["code"])
            return False
        if answer.status_code == 201:
            self.accepted.append(answer.json()["id"])
        else:
            self.refused.append(f"{answer.status_code} {answer.text[:200]}")
        return True

    def done(self) -> int:
        """Return how many rows have ended."""
        [(count,)] = self.service.query(_DONE, self.owners)
        return int(count)

    def unfinished(self) -> int:
        """Return how many rows have not ended; -1 while the database does not answer."""
        try:
            [(count,)] = self.service.query(_UNFINISHED, self.owners)
        except psycopg2.Error:
            return -1
        return int(count)

    def wait(self, seconds: float) -> bool:
        """Wait until every row has ended; False after `seconds`."""
        end = time.monotonic() + seconds
        while self.unfinished():
            if time.monotonic() > end:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def count(self, figures: Figures) -> Figures:
        """Add the counts of lost and duplicated tasks and of those that ran twice."""
        succeeded = {pk for (pk,) in self.service.query(_SUCCEEDED, self.owners)}
        [(duplicated,)] = self.service.query(_DUPLICATED, self.owners)
        [(twice,)] = self.service.query(_RUN_TWICE, self.owners)
        figures.tasks = len(self.accepted)
        figures.lost = len(set(self.accepted) - succeeded) + max(0, self.unfinished())
        figures.duplicated = int(duplicated)
        figures.run_twice = int(twice)
        figures.require(not self.refused, f"{len(self.refused)} refused: {self.refused[:1]}")
        if figures.lost:
            for status, code, many in self.service.query(_ENDS, self.owners):
                figures.remarks.append(f"{many} {status} {code}".strip())
        return figures


@contextmanager
def gather_crowd(service: Service, *, users: int = USERS) -> Iterator[Crowd]:
    """Register users, each with one image."""
    clients = [register_client(service) for _ in range(users)]
    try:
        images = [upload(client, pictures.jpeg(seed=n)) for n, client in enumerate(clients)]
        owners = [int(client.get("/auth/user/").json()["pk"]) for client in clients]
        yield Crowd(service, clients, images, owners)
    finally:
        for client in clients:
            client.close()

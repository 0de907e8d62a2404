"""Users who hand in many small tasks, and the count of what became of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import psycopg2

from tests.builders import pictures
from tests.chaos.figures import Figures
from tests.stack.service import Service, signed_up, upload

USERS = 4
POLL_SECONDS = 0.25

# All rows of the users, whether the answer to the request that made them arrived or not.
_UNFINISHED = """
SELECT count(*) FROM image_processor_transformationtask
WHERE owner_id = ANY(%s) AND status IN ('PENDING', 'IN_PROGRESS')
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
WHERE owner_id = ANY(%s) AND attempts > 1
"""
# Each successful task has one result and one event; each fingerprint has one object.
_DUPLICATED = """
WITH mine AS (
    SELECT id, status, fingerprint FROM image_processor_transformationtask
    WHERE owner_id = ANY(%s)
), told AS (
    SELECT (payload->>'task')::bigint AS task, count(*) AS times FROM image_processor_event
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
    """Some users of a service. Every task that they hand in is a different one."""

    service: Service
    clients: list[httpx.Client]
    images: list[int]
    owners: list[int]
    accepted: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    slowest: float = 0.0
    _asked: int = 0

    def submit(self, count: int, *, pause: float = 0.0) -> None:
        """Hand in so many tasks, by all users at once; remembers the slowest answer (seconds)."""
        numbers = range(self._asked, self._asked + count)
        self._asked += count
        with ThreadPoolExecutor(len(self.clients)) as threads:
            for user in range(len(self.clients)):
                mine = [number for number in numbers if number % len(self.clients) == user]
                threads.submit(self._submit_all, user, mine, pause)

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
            begun = time.monotonic()
            try:
                answer = self.clients[user].post(
                    f"/images/{self.images[user]}/transform/", json=body
                )
            except httpx.HTTPError as error:
                self.refused.append(repr(error))
                continue
            self.slowest = max(self.slowest, time.monotonic() - begun)
            if answer.status_code == 201:
                self.accepted.append(answer.json()["id"])
            else:
                self.refused.append(f"{answer.status_code} {answer.text[:200]}")
            time.sleep(pause)

    def unfinished(self) -> int:
        """How many rows have not ended; -1 while the database does not answer."""
        try:
            [(count,)] = self.service.query(_UNFINISHED, self.owners)
        except psycopg2.Error:
            return -1
        return int(count)

    def wait(self, seconds: float) -> bool:
        """Wait until every row has ended; False when that takes longer."""
        end = time.monotonic() + seconds
        while self.unfinished():
            if time.monotonic() > end:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def count(self, figures: Figures) -> Figures:
        """Fill in what became of the tasks: lost, duplicated, run twice."""
        succeeded = {pk for (pk,) in self.service.query(_SUCCEEDED, self.owners)}
        [(duplicated,)] = self.service.query(_DUPLICATED, self.owners)
        [(twice,)] = self.service.query(_RUN_TWICE, self.owners)
        figures.tasks = len(self.accepted)
        figures.lost = len(set(self.accepted) - succeeded) + max(0, self.unfinished())
        figures.duplicated = int(duplicated)
        figures.run_twice = int(twice)
        if figures.lost:
            for status, code, many in self.service.query(_ENDS, self.owners):
                figures.remarks.append(f"{many} {status} {code}".strip())
        return figures


@contextmanager
def gathered(service: Service, *, users: int = USERS) -> Iterator[Crowd]:
    """New users, each with an image of their own."""
    clients = [signed_up(service) for _ in range(users)]
    try:
        images = [upload(client, pictures.jpeg(seed=n)) for n, client in enumerate(clients)]
        owners = [int(client.get("/auth/user/").json()["pk"]) for client in clients]
        yield Crowd(service, clients, images, owners)
    finally:
        for client in clients:
            client.close()

"""The queues in which jobs wait, and how long one job of each may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue; times in seconds.

    `soft_limit` raises an error inside the job; `hard_limit` kills a child that ignores it.
    `round_seconds` is how long one message runs jobs; each still has its full time, because
    `soft_limit` exceeds `deadline` by more than that. `wakeups` caps the messages that one top-up
    leaves in the broker for this queue. `carrier` names the broker's queue that carries the
    messages, if its name differs.
    """

    name: str
    soft_limit: int
    hard_limit: int
    round_seconds: int = 1
    wakeups: int = 100
    carrier: str = ""

    @property
    def deadline(self) -> int:
        """After how long a job ends itself, early enough to report it before `soft_limit`."""
        return self.soft_limit * 9 // 10

    @property
    def broker_queue(self) -> str:
        """The broker's queue that carries the messages."""
        return self.carrier or self.name

    @property
    def time_limits(self) -> dict[str, Any]:
        """Celery's options that end a job of this queue."""
        return {"soft_time_limit": self.soft_limit, "time_limit": self.hard_limit}


LIGHT = Queue("light", soft_limit=60, hard_limit=75)
HEAVY = Queue("heavy", soft_limit=300, hard_limit=330)
# Imports mostly wait for other servers, so their worker runs threads. Celery's limits do not apply
# to threads: an import ends by `settings.IMPORT_TIMEOUT`.
IMPORT = Queue("import", soft_limit=900, hard_limit=960, wakeups=200)
# Nobody waits for derived pictures, so their worker runs at a lower priority. It also estimates the
# sizes of files, which must not wait for a round.
DERIVE = Queue("derive", soft_limit=60, hard_limit=75, round_seconds=0)
# Deletions write rows only, in short transactions. The system worker runs threads, to which
# Celery's limits do not apply. It runs at most `wakeups` deletions at a time.
DELETIONS = Queue("deletions", soft_limit=60, hard_limit=75, wakeups=2, carrier="system")
# Previews are no jobs: the message holds the request, and the answer is kept for seconds only.
INTERACTIVE = Queue("interactive", soft_limit=20, hard_limit=25)
# Estimates of a file's size are no jobs either. The worker of `derive` also serves this queue.
ESTIMATES = Queue("estimates", soft_limit=8, hard_limit=12)

# The queues of all registered job types, by name. `registry.register` fills it.
QUEUES: dict[str, Queue] = {}

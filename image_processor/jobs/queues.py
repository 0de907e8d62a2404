"""The queues: who is served apart from whom, and how long one job may take there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue; times in seconds.

    `soft_limit` ends a job with an error of its own, `hard_limit` kills the child that ignores
    it. `wakeups` caps the messages that wait in the broker for this queue: after the broker has
    been away, the scheduler makes so many workers' turns possible every 10 s.
    """

    name: str
    soft_limit: int
    hard_limit: int
    wakeups: int = 2_000

    @property
    def deadline(self) -> int:
        """When a job ends itself: early enough to say so before `soft_limit` interrupts it."""
        return self.soft_limit * 9 // 10


LIGHT = Queue("light", soft_limit=60, hard_limit=75)
HEAVY = Queue("heavy", soft_limit=300, hard_limit=330)
# What mostly waits for other people's servers. Threads know no limits: its jobs end by
# `settings.IMPORT_TIMEOUT`.
IMPORT = Queue("import", soft_limit=900, hard_limit=960, wakeups=200)
# What nobody waits for: its worker gives way to the others.
DERIVE = Queue("derive", soft_limit=60, hard_limit=75)
# Previews, which are no jobs: whoever asked waits for the answer, and nothing else is kept.
INTERACTIVE = Queue("interactive", soft_limit=20, hard_limit=25)
QUEUES = {queue.name: queue for queue in (LIGHT, HEAVY, IMPORT, DERIVE)}

"""The job types of all apps, by queue."""

from __future__ import annotations

from image_processor.jobs.job_type import AnyJobType
from image_processor.jobs.queues import QUEUES

_by_queue: dict[str, AnyJobType] = {}


def register(*job_types: AnyJobType) -> None:
    """Let workers run jobs of these types. Called in `AppConfig.ready`."""
    for job_type in job_types:
        for queue in job_type.queues:
            QUEUES[queue.name] = queue
            _by_queue[queue.name] = job_type


def all_job_types() -> list[AnyJobType]:
    """Return every registered type once."""
    return list(dict.fromkeys(_by_queue.values()))


def job_type_of(queue: str) -> AnyJobType | None:
    """Return the type whose jobs wait in a queue; None for a queue without rows."""
    return _by_queue.get(queue)

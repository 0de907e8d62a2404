"""Celery's command line with a fault that cannot be made from outside of a process.

python -m tests.image_processing_service.faulty_celery FAULT --app image_processing_service ...
"""

from __future__ import annotations

import sys
import threading
from typing import Any

from celery import signals
from celery.beat import PersistentScheduler

from image_processing_service.celery import app
from image_processing_service.watch import worker
from image_processor.jobs import stopping


@app.task(name="hang", time_limit=1)  # type: ignore[untyped-decorator]
def hang() -> None:
    """Wait for what never comes."""
    threading.Event().wait()


class StalledScheduler(PersistentScheduler):  # type: ignore[misc]  # the library is not typed
    """A scheduler whose second round never ends."""

    rounds = 0

    def tick(self, *arguments: Any, **options: Any) -> float:
        self.rounds += 1
        if self.rounds == 2:
            print("stalled", flush=True)
            hang()
        return 0.01


def _become_deaf(sender: Any, **_: object) -> None:
    """Stop receiving messages, and tell nobody."""
    sender.task_consumer.cancel()
    print("deaf", flush=True)


if __name__ == "__main__":
    from celery.__main__ import main

    if sys.argv.pop(1) == "deaf":
        signals.worker_ready.connect(_become_deaf)
    stopping.PATIENCE_SECONDS = 0
    worker.EXTRA_SECONDS = 0
    main()

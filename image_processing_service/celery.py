"""The Celery application: queues, schedule, and what survives which fault.

Most messages are wake-ups: they say that a queue has jobs, and the rows in the database say which
(see `image_processor.jobs`). Two kinds carry a payload: previews, whose client waits for seconds
only, and requests for account mails, which hold the address. Losing a message never loses a job,
so the settings prefer a quick failure to a long wait.
"""

from __future__ import annotations

import logging.config
import os
import sys

from celery import Celery
from celery.signals import (
    beat_init,
    celeryd_init,
    setup_logging,
    task_prerun,
    worker_process_init,
    worker_shutting_down,
)
from celery.utils.log import get_multiprocessing_logger

from image_processing_service import debugger

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "image_processing_service.settings")

app = Celery("image_processing_service")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    # Results are rows; a result backend would be one more part that can hang.
    task_ignore_result=True,
    result_backend=None,
    # A broker that does not answer must not delay a request; `utils.broker` has the time-outs.
    task_publish_retry=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # A killed child returns its message to the queue.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    # For a task that names no limit, as the hourly ones do. `image_processing_service.watch` counts
    # it for threads, too, which Celery cannot end.
    task_time_limit=3600,
    worker_max_tasks_per_child=1000,
    worker_max_memory_per_child=1_000_000,  # KiB, checked between tasks
    worker_send_task_events=False,
    # Celery would close the database connection before and after each message. It is kept instead,
    # and checked by `_check_connection`.
    CELERY_DB_REUSE_MAX=sys.maxsize,
    task_default_queue="system",
    task_queues=None,
    # On RabbitMQ, quorum queues survive the loss of a machine; Redis ignores the type.
    task_default_queue_type="quorum",
    task_create_missing_queue_type="quorum",
    worker_consumer="image_processing_service.celery_consumer:Consumer",
    beat_max_loop_interval=5,
    beat_schedule={
        "forget-expired-sessions": {
            "task": "accounts.tasks.forget_expired",
            "schedule": 3600.0,
            "options": {"queue": "system", "expires": 3600},
        },
        "forget-expired-idempotency-keys": {
            "task": "api.tasks.forget_expired",
            "schedule": 3600.0,
            "options": {"queue": "system", "expires": 3600},
        },
        "forget-old": {
            "task": "image_processor.tasks.forget_old",
            "schedule": 3600.0,
            "options": {"queue": "system", "expires": 3600},
        },
        "maintain": {
            "task": "image_processor.tasks.maintain",
            "schedule": 10.0,
            # `expires` is sent as an absolute time, so it must exceed the difference of clocks.
            # The retry opens a new connection, for all entries, when RabbitMQ has closed the old.
            "options": {
                "queue": "system",
                "expires": 60,
                "retry": True,
                "retry_policy": {"max_retries": 1, "interval_start": 0},
            },
        },
    },
)
app.autodiscover_tasks(["accounts", "outbox", "image_processor", "api"])


@setup_logging.connect
def _configure_loggers(**_: object) -> None:
    """Run in workers and in the scheduler, instead of Celery's configuration of the loggers.

    Celery's would replace `LOG_LEVEL` by the level of its command line.
    """
    from django.conf import settings

    get_multiprocessing_logger()  # the first call takes the logger out of the tree
    logging.config.dictConfig(settings.LOGGING)


@worker_shutting_down.connect
def _hand_back_long_jobs(**_: object) -> None:
    """Run in a worker's main process while it waits for the running tasks."""
    from image_processor.jobs import stopping

    stopping.begin(stopping.PATIENCE_SECONDS)


@task_prerun.connect
def _check_connection(**_: object) -> None:
    """Run before each message: close a connection that is dead or as old as `CONN_MAX_AGE`."""
    from django.db import close_old_connections

    close_old_connections()


@worker_process_init.connect
def _limit_memory(**_: object) -> None:
    """Run in a worker's child, after the libraries have taken the memory that they always need."""
    from image_processor import configured_limits
    from image_processor.engine.pixels.preload import preload_libraries
    from image_processor.jobs import memory

    preload_libraries()
    memory.keep_freed()
    # Plans count pixels exactly; half as much again is for threads and for malloc.
    memory.limit(configured_limits.limits().max_memory_bytes * 3 // 2)


@worker_process_init.connect
def _let_a_debugger_attach(**_: object) -> None:
    """Run in a worker's child, where tasks run; the first child gets the port."""
    from django.conf import settings

    debugger.listen(settings.REMOTE_DEBUGGING_PORT, settings.REMOTE_DEBUGGING_HOST)


@celeryd_init.connect
def _watch_worker(**_: object) -> None:
    """Run in a worker's main process before its parts are made."""
    from image_processing_service.watch.worker import WorkerWatch

    app.steps["worker"].add(WorkerWatch)


@beat_init.connect
def _watch_scheduler(sender: object, **_: object) -> None:
    """Run in the scheduler before its first round."""
    from image_processing_service.watch import scheduler

    scheduler.start(sender)

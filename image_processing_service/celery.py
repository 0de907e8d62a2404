"""The Celery application: how wake-up messages travel, and what survives which fault.

A message carries no work, only "this queue has some" (see `image_processor.jobs`), so settings
here choose a quick failure over a long wait: whatever is lost, the database still knows.
"""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import task_postrun, task_prerun, worker_process_init, worker_shutting_down

from image_processing_service import debugger, pulse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "image_processing_service.settings")

app = Celery("image_processing_service")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    # The row is the result; a result backend would only be one more thing that can hang.
    task_ignore_result=True,
    result_backend=None,
    # A broker that accepts and never answers must not hold up a request; the time-outs are in
    # `utils.broker`.
    task_publish_retry=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # A child that is killed gives its message back.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=100,
    worker_max_memory_per_child=1_000_000,  # KiB, looked at between tasks
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    task_default_queue="system",
    task_queues=None,
    # At RabbitMQ a queue survives the loss of a machine; Redis knows no kinds of queues.
    task_default_queue_type="quorum",
    task_create_missing_queue_type="quorum",
    worker_consumer="image_processing_service.consumer:Consumer",
    beat_max_loop_interval=5,
    beat_schedule={
        "forget-expired": {
            "task": "api.tasks.forget_expired",
            "schedule": 3600.0,
            "options": {"queue": "system", "expires": 3600},
        },
        "forget-old": {
            "task": "image_processor.tasks.forget_old",
            "schedule": 3600.0,
            "options": {"queue": "system", "expires": 3600},
        },
        "forget-old-deliveries": {
            "task": "webhooks.tasks.forget_old",
            "schedule": 3600.0,
            "options": {"queue": "system", "expires": 3600},
        },
        "maintain-webhooks": {
            "task": "webhooks.tasks.maintain",
            "schedule": 10.0,
            "options": {"queue": "system", "expires": 60},
        },
        "maintain": {
            "task": "image_processor.tasks.maintain",
            "schedule": 10.0,
            # An absolute time, so it must outlast clocks that differ; running twice is harmless.
            # Without another try the scheduler would keep a connection that RabbitMQ has closed;
            # with it this entry gives all others a new one, too.
            "options": {
                "queue": "system",
                "expires": 60,
                "retry": True,
                "retry_policy": {"max_retries": 1, "interval_start": 0},
            },
        },
    },
)
app.autodiscover_tasks(["accounts", "outbox", "image_processor", "api", "webhooks"])


@worker_shutting_down.connect
def _hand_back_what_takes_long(**_: object) -> None:
    """In a worker's main process, which now waits for the tasks that run."""
    from image_processor.jobs import stopping

    stopping.begin(stopping.PATIENCE_SECONDS)


@worker_process_init.connect
def _limit_memory(**_: object) -> None:
    """In a worker's child: what the libraries take by themselves is not the work's."""
    from image_processor import conf
    from image_processor.engine.pixels.loading import load_libraries
    from image_processor.jobs import memory

    load_libraries()
    # Plans are exact for pixels; half as much again is for threads and what malloc keeps.
    memory.limit(conf.limits().max_memory_bytes * 3 // 2)


@worker_process_init.connect
def _let_a_debugger_attach(**_: object) -> None:
    """In a worker's child, where tasks run; the first child gets the port."""
    from django.conf import settings

    debugger.listen(settings.REMOTE_DEBUGGING_PORT, settings.REMOTE_DEBUGGING_HOST)


@task_prerun.connect
@task_postrun.connect
def _show_that_it_lives(**_: object) -> None:
    """In a worker's child or thread, around every message."""
    from django.conf import settings

    pulse.show(settings.WORKER_PULSE_FILE)

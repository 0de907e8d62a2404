"""Settings that only matter on a bad day, each with what it cost not to have it.

That they do what they are for is shown by tests/chaos. This holds those that a short run may
survive without.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from image_processing_service.celery import app
from image_processor.jobs.claim import LEASE_SECONDS
from image_processor.jobs.lease import RENEW_SECONDS
from image_processor.jobs.queues import QUEUES
from image_processor.storage.s3 import PrivateS3Storage

CELERY: dict[str, tuple[Any, str]] = {
    "task_acks_late": (True, "a killed child takes its message with it"),
    "task_reject_on_worker_lost": (True, "late acknowledgement alone lost 8 of 1,500"),
    "worker_prefetch_multiplier": (1, "messages wait behind a long task while others idle"),
    "result_backend": (None, "one that is silent held callers up for 40 seconds"),
    "task_ignore_result": (True, "the row is the result"),
    "task_publish_retry": (False, "a silent broker held callers up for 90 seconds"),
    "broker_connection_max_retries": (None, "a worker gives up during a long outage"),
    "broker_connection_retry_on_startup": (True, "a worker started before the broker ends"),
    "worker_cancel_long_running_tasks_on_connection_loss": (
        False,
        "healthy work is killed whenever the broker restarts",
    ),
    "worker_max_tasks_per_child": (1000, "what a library leaks adds up"),
}


@pytest.mark.parametrize("name", CELERY)
def test_celery(name: str) -> None:
    wanted, otherwise = CELERY[name]
    assert getattr(app.conf, name) == wanted, otherwise


def test_a_broker_that_does_not_answer_is_not_waited_for() -> None:
    options = app.conf.broker_transport_options
    assert options["socket_timeout"] <= 2
    assert options["socket_connect_timeout"] <= 1
    assert options["max_retries"] == 0
    assert options["visibility_timeout"] <= 60  # a second delivery is harmless


def test_a_lease_outlives_two_renewals_that_fail() -> None:
    assert LEASE_SECONDS >= 3 * RENEW_SECONDS


@pytest.mark.parametrize("queue", QUEUES.values(), ids=str)
def test_work_says_itself_that_it_took_too_long_before_it_is_killed(queue: Any) -> None:
    assert queue.deadline < queue.soft_limit < queue.hard_limit


def test_the_database() -> None:
    database = settings.DATABASES["default"]
    assert database["CONN_HEALTH_CHECKS"], "the first query after a restart fails"
    assert database["OPTIONS"]["connect_timeout"] <= 5


def test_the_object_storage() -> None:
    storage = PrivateS3Storage(bucket_name="images", access_key="x", secret_key="y")
    config = storage.client_config
    assert (config.connect_timeout, config.read_timeout) == (3, 15)
    assert config.retries == {"mode": "standard", "total_max_attempts": 3}
    assert storage.file_overwrite is False
    assert storage.querystring_auth is True
    assert storage.custom_domain is None, "its links would be unsigned"

"""The service with a real RabbitMQ: no task is lost, and no request waits for the broker."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx
import pytest
from amqp.exceptions import NotFound, PreconditionFailed
from kombu import Connection

from image_processing_service import readiness
from tests.builders import pictures
from tests.chaos import broker_away, worker_kills
from tests.chaos.command import running_with_rabbitmq
from tests.chaos.figures import NO_HANG, require_kept
from tests.servers.rabbitmq import NoRabbitMQ, RabbitMQ
from tests.stack.service import Service, register_client, submit, upload, wait_for_task

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def started() -> Iterator[tuple[Service, RabbitMQ]]:
    try:
        with running_with_rabbitmq() as both:
            yield both
    except NoRabbitMQ as reason:
        pytest.skip(str(reason))


@pytest.fixture
def service(started: tuple[Service, RabbitMQ]) -> Service:
    return started[0]


@pytest.fixture
def rabbitmq(started: tuple[Service, RabbitMQ], service: Service) -> RabbitMQ:
    """Depends on `service` so that pytest groups these tests and starts the service once."""
    return started[1]


def test_a_task_over_rabbitmq(service: Service) -> None:
    with register_client(service) as client:
        image = upload(client, pictures.jpeg())
        task = submit(client, image, [{"operation": "flip", "params": {}}])
        assert wait_for_task(client, task)["status"] == "SUCCESS"


@pytest.mark.long
def test_worker_kills(service: Service) -> None:
    require_kept(worker_kills.run(service, tasks=60, kills=4))


@pytest.mark.long
@pytest.mark.parametrize("silent", [False, True], ids=["away", "silent"])
def test_without_a_broker(service: Service, rabbitmq: RabbitMQ, silent: bool) -> None:
    figures = broker_away.run(
        service, seconds=3, tasks=12, silent=silent, rabbitmq=rabbitmq, answer_within=NO_HANG
    )
    assert require_kept(figures).tasks > 12


@pytest.mark.long
def test_the_queues_are_of_the_kind_that_survives_a_machine(rabbitmq: RabbitMQ) -> None:
    for queue in ("light", "heavy", "system"):
        with (
            Connection(rabbitmq.url) as connection,
            pytest.raises(PreconditionFailed, match="inequivalent arg 'x-queue-type'"),
        ):
            connection.default_channel.queue_declare(
                queue, durable=True, auto_delete=False, arguments={"x-queue-type": "classic"}
            )


@pytest.mark.long
def test_nothing_is_declared_for_delays(rabbitmq: RabbitMQ) -> None:
    with Connection(rabbitmq.url) as connection, pytest.raises(NotFound):
        connection.default_channel.queue_declare("celery_delayed_0", passive=True)


@pytest.mark.long
def test_readiness_names_the_broker(service: Service, rabbitmq: RabbitMQ) -> None:
    assert httpx.get(f"{service.url}/readyz", timeout=30).json()["checks"]["broker"] == "ok"
    with rabbitmq.frozen():
        time.sleep(readiness.REUSED_SECONDS)
        answer = httpx.get(f"{service.url}/readyz", timeout=30)
    assert answer.status_code == 503
    assert "does not answer" in answer.json()["checks"]["broker"]

"""What receives a worker's messages."""

from __future__ import annotations

from celery.worker import consumer


class Consumer(consumer.Consumer):
    """Celery's own, without its queues for messages with a delay.

    At RabbitMQ these would be 28 more quorum queues, declared whenever a worker starts. Nothing
    here is sent with a delay: what has to wait does so in the database.
    """

    class Blueprint(consumer.Consumer.Blueprint):
        default_steps = [
            step
            for step in consumer.Consumer.Blueprint.default_steps
            if not step.endswith(":DelayedDelivery")
        ]

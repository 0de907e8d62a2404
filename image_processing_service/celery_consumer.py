"""The part of a Celery worker that receives messages."""

from __future__ import annotations

from celery.worker import consumer


class Consumer(consumer.Consumer):
    """Celery's consumer without its queues for delayed messages.

    On RabbitMQ these are 28 quorum queues, declared whenever a worker starts. No message would
    use them: Celery sends delayed messages to them only from topic exchanges, and the exchanges
    here are direct. The one delayed message, a retry of `accounts.tasks.queue_mail`, waits in the
    worker. Jobs that must wait do so in the database.
    """

    class Blueprint(consumer.Consumer.Blueprint):
        default_steps = [
            step
            for step in consumer.Consumer.Blueprint.default_steps
            if not step.endswith(":DelayedDelivery")
        ]

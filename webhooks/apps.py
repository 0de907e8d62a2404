"""The application that tells other servers about events."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "webhooks"

    def ready(self) -> None:
        from image_processor.jobs import registry
        from webhooks.delivery.job import DeliveryJobType

        registry.register(DeliveryJobType())

"""The application that holds the outbox of events."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"

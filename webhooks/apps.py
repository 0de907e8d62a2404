"""The application that tells other servers what happened."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "webhooks"

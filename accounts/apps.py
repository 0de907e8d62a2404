"""The Django application of users and their credentials."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

"""The application that holds people and their credentials."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

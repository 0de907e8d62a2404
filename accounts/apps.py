"""The Django application of users and their credentials."""

from django.apps import AppConfig
from django.core import checks


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.mail_server import check_mail_server

        checks.register(check_mail_server)

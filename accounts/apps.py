"""The Django application of users and their credentials."""

from django.apps import AppConfig
from django.core import checks


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.mails.server import check_mail_server

        checks.register(check_mail_server)

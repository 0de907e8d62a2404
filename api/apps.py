"""The HTTP application: users and everything that speaks HTTP."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

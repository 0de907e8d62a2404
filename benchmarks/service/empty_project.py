"""A Django project with an empty view, behind the web server of the service.

Its middleware is that of `django-admin startproject`.
"""

from __future__ import annotations

import django
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

django.setup(set_prefix=False)

from image_processing_service.web.front import make_front  # noqa: E402 - needs the settings

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("", empty)]
with override_settings(MIDDLEWARE=MIDDLEWARE):  # an app of the service refuses it at the start
    application = make_front(WSGIHandler())

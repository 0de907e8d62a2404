"""A Django project with an empty view, behind the web server of the service.

Its settings are `benchmarks.service.empty_settings`, with the middleware of `django-admin
startproject`.
"""

from __future__ import annotations

import django
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

django.setup(set_prefix=False)

from image_processing_service.web.front import make_front  # noqa: E402 - needs the settings


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("", empty)]
application = make_front(WSGIHandler())

"""WSGI entry point: Django itself, behind the front of `image_processing_service.asgi`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "image_processing_service.settings")

django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402 - the settings are loaded now
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402

from image_processing_service import debugger  # noqa: E402

application = WSGIHandler()

debugger.listen(settings.REMOTE_DEBUGGING_PORT, settings.REMOTE_DEBUGGING_HOST)

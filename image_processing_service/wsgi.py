"""WSGI entry point: `image_processing_service.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "image_processing_service.settings")

application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - the settings are loaded now

from image_processing_service import debugger  # noqa: E402

debugger.listen(settings.REMOTE_DEBUGGING_PORT, settings.REMOTE_DEBUGGING_HOST)

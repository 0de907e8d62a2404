"""ASGI entry point, which the web server uses: `image_processing_service.asgi:application`."""

from image_processing_service import wsgi  # the first import, because it loads the applications
from image_processing_service.web.front import make_front

application = make_front(wsgi.application)

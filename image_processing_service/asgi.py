"""ASGI entry point, which the web server uses: `image_processing_service.asgi:application`."""

from image_processing_service.web.front import make_front
from image_processing_service.wsgi import application as django_application

application = make_front(django_application)

"""The secret, the public address, and Django's basics."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from image_processing_service.env import env

SECRET_KEY = env.required(
    "DJANGO_SECRET_KEY",
    "the service signs links and tokens with it. Set it to a long random string "
    "(scripts/up generates one).",
)
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured(
        f"DJANGO_SECRET_KEY has {len(SECRET_KEY)} characters; it must have at least 32."
    )
DEBUG = env.bool("DEBUG", default=False)
PUBLIC_URL = env.address("PUBLIC_URL", "") or "http://localhost:8000"
public_address = urlsplit(PUBLIC_URL)
is_https = public_address.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[public_address.hostname])

ROOT_URLCONF = "image_processing_service.urls"
WSGI_APPLICATION = "image_processing_service.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
APPEND_SLASH = False  # api.http.middleware serves paths with and without the slash

"""Settings of `benchmarks.service.empty_project`: those of the service that its web server reads,
with the middleware and the logs of `django-admin startproject`."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.service.empty_project"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
LOGGING: dict[str, object] = {}

"""The service's settings with what tests need otherwise; everything else is the real thing."""

import os
import re
import tempfile
import uuid

os.environ.setdefault("DJANGO_SECRET_KEY", "tests-only-" + "x" * 50)
os.environ["PUBLIC_URL"] = "http://testserver"
# A container of the local stack has the variables of a running service.
for variable in list(os.environ):
    if variable in ("DEBUG", "LOG_FILE_PATH", "PULSE_FILE") or variable.startswith("AWS_"):
        del os.environ[variable]

# Each of several test processes has a number, and databases of its own in Redis and PostgreSQL. The
# default is the last pair of Redis's 16 databases: the first may be those of a running service.
number = os.environ.get("TEST_WORKER", "7")
for offset, variable in enumerate(("CELERY_BROKER_URL", "CACHE_REDIS_URL")):
    if address := os.environ.get(variable):
        database = 2 * int(number) + offset
        os.environ[variable] = re.sub(r"/\d+$", f"/{database}", address)

from image_processing_service import settings as _settings  # noqa: E402
from image_processing_service.settings import *  # noqa: E402, F403

_service = _settings.DATABASES["default"]
_test: dict[str, object] = {"NAME": f"test_{_service['NAME']}_{number}"}
if template := os.environ.get("TEST_DATABASE_TEMPLATE"):
    # Made by tests/database_template.py; a copy of it is migrated already.
    _test |= {"TEMPLATE": template, "MIGRATE": False}
DATABASES = {"default": _service | {"TEST": _test}}

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
# Counted by the tests that are about it, by switching it on.
RATE_LIMITS = False
# No web page, whether or not one was built here; tests of pages bring their own.
FRONTEND_ROOT = "/nonexistent"
PASSWORD_HASHERS = ["tests.cheap_passwords.CheapArgon2PasswordHasher", *PASSWORD_HASHERS[1:]]  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
REST_FRAMEWORK["TEST_REQUEST_DEFAULT_FORMAT"] = "json"  # noqa: F405
STORAGES = {
    "default": {
        "BACKEND": "image_processor.storage.local.PrivateFileStorage",
        # Made when something is stored: many who read these settings store nothing.
        "OPTIONS": {"location": f"{tempfile.gettempdir()}/ips-tests-{uuid.uuid4().hex}"},
    },
    # No manifest: tests do not collect static files.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# The service gives up a slow cache at once; on a busy machine tests would lose what they count.
CACHES["default"]["OPTIONS"] |= {"socket_timeout": 5, "socket_connect_timeout": 5}  # noqa: F405

"""The service's settings with what tests need otherwise; everything else is the real thing."""

import os
import re
import tempfile

os.environ.setdefault("DJANGO_SECRET_KEY", "tests-only-" + "x" * 50)
os.environ.setdefault("PUBLIC_URL", "http://testserver")

# Each of several test processes (gw0, gw1, ...) has its own databases in Redis, of its 16, as it
# has its own in PostgreSQL.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    for offset, name in enumerate(("CELERY_BROKER_URL", "CACHE_REDIS_URL")):
        number = 2 * int(worker.removeprefix("gw")) + offset
        if address := os.environ.get(name):
            os.environ[name] = re.sub(r"/\d+$", f"/{number}", address)

from image_processing_service.settings import *  # noqa: F403

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
# Counted by the tests that are about it, by switching it on.
RATE_LIMITS = False
# No web page, whether or not one was built here; tests of pages bring their own.
FRONTEND_ROOT = "/nonexistent"
PASSWORD_HASHERS = ["tests.cheap_passwords.CheapArgon2PasswordHasher", *PASSWORD_HASHERS[1:]]  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {
        "BACKEND": "image_processor.storage.local.PrivateFileStorage",
        "OPTIONS": {"location": tempfile.mkdtemp(prefix="ips-tests-")},
    },
    # No manifest: tests do not collect static files.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

"""The cache, and the queue of the workers."""

from __future__ import annotations

from image_processing_service.env import env
from utils import broker

CACHES = {
    "default": {
        "BACKEND": "utils.cache.TolerantRedisCache",
        "LOCATION": env.str("CACHE_REDIS_URL", default="redis://localhost:6379/1"),
        "KEY_PREFIX": "ips",
        "OPTIONS": {"socket_timeout": 0.15, "socket_connect_timeout": 0.1},
    }
}

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="redis://localhost:6379/0")
CELERY_BROKER_TRANSPORT_OPTIONS = broker.options(CELERY_BROKER_URL)
# Read by image_processing_service.watch.
HANG_SECONDS = env.whole("HANG_SECONDS", 60, least=1, most=3600)
PULSE_FILE = env.str("PULSE_FILE", default="")  # read by compose/production/check_pulse.py

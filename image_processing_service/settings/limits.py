"""Limits of images, users and requests."""

from __future__ import annotations

from image_processing_service.env import env

# Images.
IMAGE_MAX_FILE_SIZE_MB = env.whole("IMAGE_MAX_FILE_SIZE_MB", 50, least=1, most=1024)
IMAGE_MAX_PIXEL_SIZE = env.whole("IMAGE_MAX_PIXEL_SIZE", 10_000, least=1, most=65_535)
IMAGE_MIN_PIXEL_SIZE = env.whole("IMAGE_MIN_PIXEL_SIZE", 1, least=1, most=65_535)
IMAGE_MAX_PIXELS = env.whole("IMAGE_MAX_PIXELS", 50_000_000, least=1)
IMAGE_MAX_FRAMES = env.whole("IMAGE_MAX_FRAMES", 1_000, least=1)
IMPORT_TIMEOUT = env.whole("IMPORT_TIMEOUT", 60, least=1, most=600)
TASK_MAX_COST = env.whole("TASK_MAX_COST", 1_000, least=1)
IMAGE_PROXY = env.choice("IMAGE_PROXY", "on", ("on", "off")) == "on"
DEFAULT_OUTPUT_QUALITY = env.whole("DEFAULT_OUTPUT_QUALITY", 85, least=1, most=100)

# Quotas per user; operators can override them in the admin. 0 means unlimited.
QUOTA_STORAGE_MB = env.whole("QUOTA_STORAGE_MB", 51_200)
QUOTA_TASKS_PER_MONTH = env.whole("QUOTA_TASKS_PER_MONTH", 100_000)
QUOTA_CONCURRENT_TASKS = env.whole("QUOTA_CONCURRENT_TASKS", 10_000)
QUOTA_IMAGES = env.whole("QUOTA_IMAGES", 100_000)

# Requests.
RATE_LIMITS = env.bool("RATE_LIMITS", default=True)
THROTTLE_RATES = {
    "anon": env.rate("ANON_THROTTLE_RATE", "60/minute"),
    "user": env.rate("USER_THROTTLE_RATE", "1200/minute"),
    "login": env.rate("LOGIN_THROTTLE_RATE", "30/minute"),
    # 401s for tokens and API keys that are not valid, and changes of an e-mail address.
    "bad_tokens": env.rate("BAD_TOKENS_THROTTLE_RATE", "60/minute"),
    "email_change": env.rate("EMAIL_CHANGE_THROTTLE_RATE", "10/hour"),
    "webhook_tests": env.rate("WEBHOOK_TESTS_THROTTLE_RATE", "30/minute"),
    "registration": env.rate("REGISTRATION_THROTTLE_RATE", "20/hour"),
    "password_reset": env.rate("PASSWORD_RESET_THROTTLE_RATE", "10/hour"),
    # Account mails to one address, from all clients together.
    "mails_a_minute": "1/minute",
    "mails_an_hour": "5/hour",
    "upload": env.rate("UPLOAD_THROTTLE_RATE", "300/minute"),
    "transform": env.rate("TRANSFORM_THROTTLE_RATE", "600/minute"),
    "client_errors": env.rate("CLIENT_ERRORS_THROTTLE_RATE", "30/minute"),
    "preview": env.rate("PREVIEW_THROTTLE_RATE", "600/minute"),
    "file_size": env.rate("FILE_SIZE_THROTTLE_RATE", "120/minute"),
}
SYNC_TRANSFORM_TIMEOUT = env.whole("SYNC_TRANSFORM_TIMEOUT", 10, least=1, most=60)
WEB_THREADS = env.whole("WEB_THREADS", 16, least=1, most=256)
# In a web process, at most a quarter of the threads wait for tasks, a quarter for previews, an
# eighth for estimates of file sizes, and a quarter, for a second each, for name servers.
MAX_WAITING_REQUESTS = max(1, WEB_THREADS // 4)
# One user gets half of each quarter, so that others can always wait too.
MAX_WAITING_REQUESTS_OF_ONE_USER = max(1, MAX_WAITING_REQUESTS // 2)
# Requests of one client address whose bodies a web process receives at a time.
MAX_UPLOADS_PER_ADDRESS = env.whole("MAX_UPLOADS_PER_ADDRESS", 32, least=1)
# Memory that the requests of a web process may take, beside the loaded code and thread stacks.
WEB_MEMORY_MB = env.whole("WEB_MEMORY_MB", 1024, least=64)

"""All settings. `env` reads them from the environment; `.env.example` describes the variables."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from image_processing_service.env import BASE_DIR, MISSING_MAIL_SERVER, env
from utils import broker
from utils.logging import logging_config

# --- Core --------------------------------------------------------------------------------------

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
_public = urlsplit(PUBLIC_URL)
_https = _public.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_public.hostname])

ROOT_URLCONF = "image_processing_service.urls"
WSGI_APPLICATION = "image_processing_service.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
APPEND_SLASH = False  # api.http.middleware serves paths with and without the slash

INSTALLED_APPS = [
    "accounts",
    "outbox",
    "image_processor",
    "api",
    "webhooks",
    "image_processing_service.admin.app.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "dj_rest_auth",
    "allauth",
    "allauth.account",
    "dj_rest_auth.registration",  # makes its LoginSerializer check the e-mail confirmation
    "corsheaders",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
]

MIDDLEWARE = [
    # First come the headers that every response has.
    "api.http.middleware.RequestId",
    "api.http.caching.Caching",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "api.http.content_policy.ContentPolicy",
    "api.http.middleware.ProblemsInsteadOfPages",
    "api.http.request_log.RequestLog",
    "api.http.client_address.ClientAddress",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "api.http.refusal.RefusedRequests",
    "api.http.middleware.OptionalSlash",
    "api.http.middleware.RateLimitHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database ----------------------------------------------------------------------------------


def _database() -> dict[str, object]:
    """Read `DATABASE_URL`, or the `DB_*` variables of the Compose files."""
    url = env.str("DATABASE_URL", default="")
    if not url:
        host = env.str("DB_HOST", default="localhost")
        port = env.str("DB_PORT", default="5432")
        user = quote(env.str("DB_USER", default="image_processing_user"), safe="")
        password = quote(env.str("DB_PASSWORD", default=""), safe="")
        name = quote(env.str("DB_NAME", default="image_processing_db"), safe="")
        url = f"postgres://{user}:{password}@{host}:{port}/{name}"
    config: dict[str, object] = env.db_url_config(url)
    if config.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database (postgres://...).")
    options = {"connect_timeout": 5, **(config.get("OPTIONS") or {})}  # type: ignore[dict-item]
    return {**config, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


DATABASES = {"default": _database()}

# --- Cache and queue ---------------------------------------------------------------------------

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

# --- Files -------------------------------------------------------------------------------------

MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(BASE_DIR / ".data" / "media"))
LINK_LIFETIME_SECONDS = env.whole("LINK_LIFETIME_SECONDS", 300, least=60, most=604_800)
THUMBNAIL_LINK_LIFETIME_SECONDS = env.whole(
    "THUMBNAIL_LINK_LIFETIME_SECONDS", 86_400, least=60, most=604_800
)

_bucket = env.str("AWS_STORAGE_BUCKET_NAME", default="")
_s3_options = {
    "bucket_name": _bucket,
    "access_key": env.str("AWS_ACCESS_KEY_ID", default="") or None,
    "secret_key": env.str("AWS_SECRET_ACCESS_KEY", default="") or None,
    "security_token": env.str("AWS_SESSION_TOKEN", default="") or None,
    "region_name": env.str("AWS_S3_REGION_NAME", default="us-east-1"),
    "endpoint_url": env.address("AWS_S3_ENDPOINT_URL", "") or None,
    "addressing_style": env.choice("AWS_S3_ADDRESSING_STYLE", "auto", ("auto", "virtual", "path")),
}
STORAGES = {
    "default": (
        {"BACKEND": "image_processor.storage.s3.PrivateS3Storage", "OPTIONS": _s3_options}
        if _bucket
        else {
            "BACKEND": "image_processor.storage.local.PrivateFileStorage",
            "OPTIONS": {"location": MEDIA_ROOT},
        }
    ),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / ".data" / "static"))
# The exported web page. Without it the service serves only the API.
FRONTEND_ROOT = env.str("FRONTEND_ROOT", default="")
if FRONTEND_ROOT and not (Path(FRONTEND_ROOT) / "index.html").is_file():
    raise ImproperlyConfigured(
        f"FRONTEND_ROOT is {FRONTEND_ROOT!r}; there is no index.html in that folder."
    )
FRONTEND_ROOT = FRONTEND_ROOT or str(BASE_DIR / "frontend" / "out")

FILE_UPLOAD_HANDLERS = [
    "api.requests.upload_handlers.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "api.requests.upload_handlers.SpooledUpload",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Images ------------------------------------------------------------------------------------

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
EVENT_HANDLERS: dict[str, list[str]] = {
    "mail.password_reset": ["accounts.mails.send_password_reset"],
    "mail.confirmation": ["accounts.mails.send_confirmation"],
    "account.recovered": ["webhooks.recovery.delete_older_webhooks"],
    "task.succeeded": ["webhooks.delivery.deliveries.deliver_event"],
    "task.failed": ["webhooks.delivery.deliveries.deliver_event"],
    "batch.finished": ["webhooks.delivery.deliveries.deliver_event"],
}

# --- Users and passwords -----------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.UsernameOrEmailBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Sessions and cookies ----------------------------------------------------------------------

_access = timedelta(minutes=env.whole("ACCESS_TOKEN_LIFETIME", 5, least=1))
_refresh = timedelta(minutes=env.whole("REFRESH_TOKEN_LIFETIME", 10_080, least=1))
if _refresh < _access:
    raise ImproperlyConfigured("REFRESH_TOKEN_LIFETIME is shorter than ACCESS_TOKEN_LIFETIME.")
SIMPLE_JWT = {"ACCESS_TOKEN_LIFETIME": _access, "REFRESH_TOKEN_LIFETIME": _refresh}
_cookie_samesite = env.choice("AUTH_COOKIE_SAMESITE", "Lax", ("Lax", "Strict", "None"))
if _cookie_samesite == "None" and not _https:
    raise ImproperlyConfigured(
        "AUTH_COOKIE_SAMESITE=None needs a PUBLIC_URL with https, or browsers drop the cookies."
    )
_serializers = "api.auth.serializers"
REST_AUTH: dict[str, Any] = {
    "USE_JWT": True,
    "TOKEN_MODEL": None,
    "SESSION_LOGIN": False,
    "OLD_PASSWORD_FIELD_ENABLED": True,
    "JWT_AUTH_COOKIE": "access",
    "JWT_AUTH_REFRESH_COOKIE": "refresh",
    "JWT_AUTH_REFRESH_COOKIE_PATH": "/api/",
    "JWT_AUTH_HTTPONLY": True,
    "JWT_AUTH_SAMESITE": _cookie_samesite,
    "JWT_AUTH_SECURE": _https,
    "LOGIN_SERIALIZER": f"{_serializers}.sign_in.LoginSerializer",
    "USER_DETAILS_SERIALIZER": f"{_serializers}.users.UserSerializer",
    "PASSWORD_RESET_SERIALIZER": f"{_serializers}.passwords.PasswordResetSerializer",
    "PASSWORD_RESET_CONFIRM_SERIALIZER": f"{_serializers}.passwords.PasswordResetConfirmSerializer",
    "PASSWORD_CHANGE_SERIALIZER": f"{_serializers}.passwords.PasswordChangeSerializer",
}

# --- Lockout after failed sign-ins -------------------------------------------------------------

AXES_FAILURE_LIMIT = env.whole("LOGIN_FAILURE_LIMIT", 5, least=1)
AXES_COOLOFF_TIME = timedelta(minutes=env.whole("LOGIN_LOCKOUT_MINUTES", 15, least=1))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "api.auth.lockout_response.answer"
AXES_USERNAME_CALLABLE = "accounts.lockout.account_name"
AXES_CLIENT_IP_CALLABLE = "api.http.client_address.counted_as"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # keeps Retry-After true
AXES_DISABLE_ACCESS_LOG = True  # the audit log has the same facts

# --- E-mail addresses and mails ----------------------------------------------------------------

ACCOUNT_EMAIL_VERIFICATION = env.choice(
    "EMAIL_VERIFICATION", "none", ("none", "optional", "mandatory")
)
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
EMAIL_TIMEOUT = 10
_mail_server = env.mail_server("EMAIL_URL", debug=DEBUG)
vars().update(_mail_server)  # EMAIL_BACKEND, EMAIL_HOST...
_sends_mails = _mail_server["EMAIL_BACKEND"] != MISSING_MAIL_SERVER
if ACCOUNT_EMAIL_VERIFICATION == "mandatory" and not _sends_mails:
    raise ImproperlyConfigured(
        "EMAIL_VERIFICATION=mandatory needs EMAIL_URL: without a mail server nobody could sign in."
    )
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"no-reply@{_public.hostname}")

# --- Proxies, origins and HTTPS ----------------------------------------------------------------

NUM_PROXIES = env.whole("NUM_PROXIES", 0)
if NUM_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "if-range",
    "range",
    "x-auth-mode",
    "x-request-id",
]
CORS_EXPOSE_HEADERS = [
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Range",
    "ETag",
    "Full-Bytes",
    "Full-Exact",
    "Full-Format",
    "Full-Height",
    "Full-Width",
    "Idempotent-Replayed",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-ID",
]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"]

# A proxy terminates HTTPS, so only behind a proxy can plain requests be redirected to HTTPS.
# Probes of containers and load balancers bypass the proxy.
SECURE_SSL_REDIRECT = _https and NUM_PROXIES > 0
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# Browsers apply HSTS to all ports of a host, so it is never sent for localhost.
_local = f".{_public.hostname}".endswith(".localhost")
_hsts_seconds = env.whole("HSTS_SECONDS", 31_536_000)
SECURE_HSTS_SECONDS = _hsts_seconds if _https and not DEBUG and not _local else 0
# W005 and W021 (HSTS for subdomains, preload) are up to the operator of the domain.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# --- Content security policy -------------------------------------------------------------------

# api.http.content_policy adds the storage's origin; pages add the hashes of their scripts.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- Requests to other servers -----------------------------------------------------------------

# Imports and webhooks may also reach these networks, beside the public internet.
OUTBOUND_ALLOWED_NETWORKS = env.networks("OUTBOUND_ALLOWED_NETWORKS")
OUTBOUND_ALLOWED_PORTS = env.ports("OUTBOUND_ALLOWED_PORTS", [80, 443])

# --- Limits of requests ------------------------------------------------------------------------

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
}
SYNC_TRANSFORM_TIMEOUT = env.whole("SYNC_TRANSFORM_TIMEOUT", 10, least=1, most=60)
WEB_THREADS = env.whole("WEB_THREADS", 16, least=1)
# A web process waits in at most a quarter of its threads for tasks, and in as many for previews.
MAX_WAITING_REQUESTS = max(1, WEB_THREADS // 4)
# One user gets half of each quarter, so that others can always wait too.
MAX_WAITING_REQUESTS_OF_ONE_USER = max(1, MAX_WAITING_REQUESTS // 2)
# Requests of one client address whose bodies a web process receives at a time.
MAX_UPLOADS_PER_ADDRESS = env.whole("MAX_UPLOADS_PER_ADDRESS", 32, least=1)
# Memory that the requests of a web process may take, beside the loaded code.
WEB_MEMORY_MB = env.whole("WEB_MEMORY_MB", 1024, least=64)

# --- Django REST framework and OpenAPI ---------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.auth.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "api.auth.permissions.HasScope",
    ],
    "DEFAULT_THROTTLE_CLASSES": [
        "api.http.throttling.AnonRateThrottle",
        "api.http.throttling.UserRateThrottle",
        "api.http.throttling.ScopeRateThrottle",
    ],
    "DEFAULT_PARSER_CLASSES": ["api.requests.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.http.negotiation.AlwaysJSON",
    "DEFAULT_PAGINATION_CLASS": "api.lists.pagination.NewestFirstPagination",
    "DEFAULT_VERSIONING_CLASS": "api.http.versioning.PathVersioning",
    "DEFAULT_VERSION": "v1",
    "DEFAULT_SCHEMA_CLASS": "api.schema.AutoSchema",
    "EXCEPTION_HANDLER": "api.http.problem.exception_handler",
    "NUM_PROXIES": NUM_PROXIES,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Image Processing Service",
    "DESCRIPTION": "Upload an image once; get any version of it by a pipeline of operations.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Without null, Swagger UI sends the address of the document to a validator on another host.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ImageStatus": "image_processor.models.image.SourceImage.Status",
        "TaskStatus": "image_processor.jobs.model.Status",
        "WebhookEvent": "webhooks.models.EVENTS",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.add_shared_parts",
    ],
}

# --- Logs and errors ---------------------------------------------------------------------------

LOGGING = logging_config(
    level=env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
    file_path=env.str("LOG_FILE_PATH", default=""),
    file_max_bytes=env.whole("LOG_FILE_MAX_MB", 20, least=1, most=1024) * 1024 * 1024,
    file_backups=env.whole("LOG_FILE_BACKUPS", 4, least=1, most=100),
)
SENTRY_DSN = env.str("SENTRY_DSN", default="")
SENTRY_ENVIRONMENT = env.str("SENTRY_ENVIRONMENT", default="production")
SENTRY_RELEASE = env.str("SENTRY_RELEASE", default="")
if SENTRY_DSN:
    from utils import error_reports  # the library takes a quarter of a second

    error_reports.start(dsn=SENTRY_DSN, environment=SENTRY_ENVIRONMENT, release=SENTRY_RELEASE)

REMOTE_DEBUGGING_PORT = env.whole("REMOTE_DEBUGGING_PORT", 0, most=65_535) if DEBUG else 0
REMOTE_DEBUGGING_HOST = env.str("REMOTE_DEBUGGING_HOST", default="127.0.0.1")

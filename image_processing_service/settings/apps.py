"""What the service consists of: apps, middleware, templates, handlers of events."""

from __future__ import annotations

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

EVENT_HANDLERS: dict[str, list[str]] = {
    "mail.password_reset": ["accounts.mails.sending.send_password_reset"],
    "mail.confirmation": ["accounts.mails.sending.send_confirmation"],
    "mail.account_exists": ["accounts.mails.sending.send_account_exists"],
    "mail.change_confirmation": ["accounts.mails.sending.send_change_confirmation"],
    "mail.change_notice": ["accounts.mails.sending.send_change_notice"],
    "account.recovered": ["webhooks.recovery.delete_older_webhooks"],
    "task.succeeded": ["webhooks.delivery.deliveries.deliver_event"],
    "task.failed": ["webhooks.delivery.deliveries.deliver_event"],
    "batch.finished": ["webhooks.delivery.deliveries.deliver_event"],
}
EVENT_AUDIENCES = dict.fromkeys(
    ("task.succeeded", "task.failed", "batch.finished"),
    "webhooks.delivery.deliveries.has_subscribers",
)

"""Users, passwords, sessions and the lockout after failed sign-ins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from image_processing_service.env import env
from image_processing_service.settings.core import is_https

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.access.backends.UsernameOrEmailBackend",
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

# Sessions and cookies.
_access = timedelta(minutes=env.whole("ACCESS_TOKEN_LIFETIME", 5, least=1))
_refresh = timedelta(minutes=env.whole("REFRESH_TOKEN_LIFETIME", 10_080, least=1))
if _refresh < _access:
    raise ImproperlyConfigured("REFRESH_TOKEN_LIFETIME is shorter than ACCESS_TOKEN_LIFETIME.")
SIMPLE_JWT = {"ACCESS_TOKEN_LIFETIME": _access, "REFRESH_TOKEN_LIFETIME": _refresh}
_cookie_samesite = env.choice("AUTH_COOKIE_SAMESITE", "Lax", ("Lax", "Strict", "None"))
if _cookie_samesite == "None" and not is_https:
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
    "JWT_AUTH_SECURE": is_https,
    "LOGIN_SERIALIZER": f"{_serializers}.sign_in.LoginSerializer",
    "USER_DETAILS_SERIALIZER": f"{_serializers}.users.UserSerializer",
    "PASSWORD_RESET_SERIALIZER": f"{_serializers}.passwords.PasswordResetSerializer",
    "PASSWORD_RESET_CONFIRM_SERIALIZER": f"{_serializers}.passwords.PasswordResetConfirmSerializer",
    "PASSWORD_CHANGE_SERIALIZER": f"{_serializers}.passwords.PasswordChangeSerializer",
}

# Lockout after failed sign-ins.
AXES_FAILURE_LIMIT = env.whole("LOGIN_FAILURE_LIMIT", 5, least=1)
AXES_COOLOFF_TIME = timedelta(minutes=env.whole("LOGIN_LOCKOUT_MINUTES", 15, least=1))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "api.auth.lockout_response.answer"
AXES_USERNAME_CALLABLE = "accounts.access.lockout.account_name"
AXES_CLIENT_IP_CALLABLE = "api.http.client_address.counted_as"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # keeps Retry-After true
AXES_DISABLE_ACCESS_LOG = True  # the audit log has the same facts

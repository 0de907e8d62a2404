"""The routes of accounts and sessions, under `auth/` and `token/`."""

from __future__ import annotations

from typing import Any

from django.urls import path

from api.auth.views.account import UserViewSet
from api.auth.views.api_keys import ApiKeyViewSet
from api.auth.views.passwords import (
    PasswordChangeViewSet,
    PasswordResetConfirmViewSet,
    PasswordResetViewSet,
)
from api.auth.views.registration import RegistrationViewSet, ResendEmailViewSet, VerifyEmailViewSet
from api.auth.views.sign_in import LoginViewSet, LogoutViewSet
from api.auth.views.tokens import TokenRefreshViewSet, TokenVerifyViewSet, TokenViewSet

POST: dict[str, Any] = {"post": "create"}
BASE_POST: dict[str, Any] = {"post": "post"}  # the method of dj-rest-auth's view
USER_ACTIONS: dict[str, Any] = {
    "get": "retrieve",
    "put": "update",
    "patch": "partial_update",
    "delete": "destroy",
}

urlpatterns = [
    path("auth/registration/", RegistrationViewSet.as_view(POST), name="registration"),
    path("auth/registration/verify-email/", VerifyEmailViewSet.as_view(POST), name="verify-email"),
    path("auth/registration/resend-email/", ResendEmailViewSet.as_view(POST), name="resend-email"),
    path("auth/login/", LoginViewSet.as_view(BASE_POST), name="login"),
    path("auth/logout/", LogoutViewSet.as_view(POST), name="logout"),
    path("auth/user/", UserViewSet.as_view(USER_ACTIONS), name="user"),
    path("auth/password/reset/", PasswordResetViewSet.as_view(BASE_POST), name="password-reset"),
    path(
        "auth/password/reset/confirm/",
        PasswordResetConfirmViewSet.as_view(BASE_POST),
        name="password-reset-confirm",
    ),
    path("auth/password/change/", PasswordChangeViewSet.as_view(BASE_POST), name="password-change"),
    path(
        "auth/api-keys/",
        ApiKeyViewSet.as_view({"get": "list", "post": "create"}),
        name="api-keys",
    ),
    path(
        "auth/api-keys/<int:pk>/",
        ApiKeyViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
        name="api-key",
    ),
    path("token/", TokenViewSet.as_view(POST), name="token"),
    path("token/refresh/", TokenRefreshViewSet.as_view(POST), name="token-refresh"),
    path("token/verify/", TokenVerifyViewSet.as_view(POST), name="token-verify"),
]

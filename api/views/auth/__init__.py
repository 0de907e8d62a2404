"""Accounts and sessions: the routes under `auth/` and `token/`."""

from __future__ import annotations

from django.urls import path

from api.views.auth.account import UserView
from api.views.auth.passwords import (
    PasswordChangeView,
    PasswordResetConfirmView,
    PasswordResetView,
)
from api.views.auth.registration import RegistrationView, ResendEmailView, VerifyEmailView
from api.views.auth.sign_in import LoginView, LogoutView
from api.views.auth.tokens import TokenRefreshView, TokenVerifyView, TokenView

urlpatterns = [
    path("auth/registration/", RegistrationView.as_view(), name="registration"),
    path("auth/registration/verify-email/", VerifyEmailView.as_view(), name="verify-email"),
    path("auth/registration/resend-email/", ResendEmailView.as_view(), name="resend-email"),
    path("auth/login/", LoginView.as_view(), name="login"),
    path("auth/logout/", LogoutView.as_view(), name="logout"),
    path("auth/user/", UserView.as_view(), name="user"),
    path("auth/password/reset/", PasswordResetView.as_view(), name="password-reset"),
    path(
        "auth/password/reset/confirm/",
        PasswordResetConfirmView.as_view(),
        name="password-reset-confirm",
    ),
    path("auth/password/change/", PasswordChangeView.as_view(), name="password-change"),
    path("token/", TokenView.as_view(), name="token"),
    path("token/refresh/", TokenRefreshView.as_view(), name="token-refresh"),
    path("token/verify/", TokenVerifyView.as_view(), name="token-verify"),
]

"""The authentication backend: sign in by user name or e-mail address."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.models import User
from accounts.normal_forms import password_spellings


class UsernameOrEmailBackend(ModelBackend):
    """Django's backend, except that `username` may hold the e-mail address."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if username is None or password is None:
            return None
        try:
            user = User.objects.get_by_login(username)
        except User.DoesNotExist:
            # Hash as often as `check_password`: a faster answer would reveal that there is no such
            # account.
            for spelling in password_spellings(password):
                User().set_password(spelling)
            return None
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None

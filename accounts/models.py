"""Users and their credentials: sessions and API keys."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower, Now

from accounts import normal_forms


class UserManager(DjangoUserManager["User"]):
    """Finds users by user name or e-mail address."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Lower-case the whole address: allauth compares addresses case-sensitively."""
        return normal_forms.normalize_email(email or "")

    def _create_user_object(
        self, username: str, email: str | None, password: str | None, **fields: Any
    ) -> User:
        """Django's method hashes the password without `User.set_password`."""
        password = password and normal_forms.normalize_password(password)
        user: User = super()._create_user_object(  # type: ignore[misc]  # its stub lacks it
            username, email, password, **fields
        )
        return user

    def with_email(self, email: str) -> QuerySet[User]:
        """The user with this e-mail address in any case, or none; served by the unique index."""
        email = self.normalize_email(email)
        return self.alias(lower=Lower("email")).filter(lower=Lower(Value(email)))

    def with_username(self, username: str) -> QuerySet[User]:
        """The user with this name in any case, or none; served by the unique index."""
        username = normal_forms.normalize_username(username)
        return self.alias(lower=Lower("username")).filter(lower=Lower(Value(username)))

    def get_by_email(self, email: str) -> User:
        """Return the user with this e-mail address; raise `DoesNotExist`."""
        return self.with_email(email).get()

    def get_by_login(self, login: str) -> User:
        """Return the user whose user name or e-mail address is `login` in any case.

        Raise `DoesNotExist`. If one user has `login` as name and another as address, a `login` with
        @ means the address.
        `Lower` is used because `iexact` would not use the unique indexes.
        """
        name = normal_forms.normalize_username(login)
        by_name, by_email = Lower(Value(name)), Lower(Value(self.normalize_email(login)))
        matches = self.alias(lower_name=Lower("username"), lower_email=Lower("email")).filter(
            Q(lower_name=by_name) | Q(lower_email=by_email)
        )
        has_name = name.lower()
        users = sorted(
            matches, key=lambda user: (user.username.lower() == has_name) == ("@" in name)
        )
        if not users:
            raise self.model.DoesNotExist
        return users[0]


class User(AbstractUser):
    """A person or program with images; names and addresses are unique regardless of case."""

    email = models.EmailField(max_length=254)
    # Older API keys and webhooks may be somebody else's: see `accounts.lifecycle.recovery`.
    email_confirmed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the present address was confirmed."
    )
    deleted_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When the account was deleted; its rows follow in the background.",
    )

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="A user is already registered with this e-mail address.",
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="user_username_unique",
                violation_error_message="A user with that username already exists.",
            ),
        ]

    def set_password(self, raw_password: str | None) -> None:
        if raw_password is not None:
            raw_password = normal_forms.normalize_password(raw_password)
        super().set_password(raw_password)

    def check_password(self, raw_password: str | None) -> bool:
        if raw_password is None:
            return super().check_password(None)
        return any(map(super().check_password, normal_forms.password_spellings(raw_password)))


class RefreshFamily(models.Model):
    """One session: the chain of refresh tokens that one sign-in started.

    The row decides, not the token. Only the refresh token with the id `current` can be exchanged.
    The token with the id `previous` gets the current pair again for a few seconds, because of
    parallel tabs. Any older token of the chain revokes the family. Access tokens name their
    family, so revoking the family also ends them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="refresh_families")
    current = models.CharField(max_length=32)
    previous = models.CharField(max_length=32, blank=True)
    rotated_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "refresh families"


class ApiKey(models.Model):
    """A program's credential with some of its owner's rights; only a digest of the secret is kept.

    `public_id` is the part of the key that identifies the row. It is not secret.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    public_id = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the secret, in hex.")
    scopes = models.JSONField(help_text="What the key may do: see api.auth.permissions.Scope.")
    created_at = models.DateTimeField(db_default=Now())
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    @property
    def prefix(self) -> str:
        """The beginning of the key, which is not secret."""
        return f"ips_{self.public_id}"

    @property
    def updated_at(self) -> datetime:
        """When the API's representation last changed: only the use of the key changes it."""
        return self.last_used_at or self.created_at

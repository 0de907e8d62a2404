"""Users and their credentials: sessions and API keys."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Lower


class UserManager(DjangoUserManager["User"]):
    """Finds users by either of their names, compared without case where it must be."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """All lower case: allauth compares e-mails as they stand."""
        return super().normalize_email(email).lower()

    def get_by_email(self, email: str) -> User:
        """The user with this e-mail; raises `DoesNotExist`."""
        return self.alias(lower=Lower("email")).get(lower=Lower(Value(email.strip())))

    def get_by_login(self, login: str) -> User:
        """The user whose user name or e-mail is `login`; raises `DoesNotExist`.

        Of two, the one whom the spelling means. `Lower`, since `iexact` would not use the index.
        """
        login = login.strip()
        email = Lower(Value(login))
        named = self.alias(lower=Lower("email")).filter(Q(username=login) | Q(lower=email))
        users = sorted(named, key=lambda user: (user.username == login) == ("@" in login))
        if not users:
            raise self.model.DoesNotExist
        return users[0]


class User(AbstractUser):
    """A person or program with images; the e-mail is unique without regard to case."""

    email = models.EmailField(max_length=254)

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="A user is already registered with this e-mail address.",
            )
        ]


class RefreshFamily(models.Model):
    """One sign-in: the chain of refresh tokens that came from it.

    The row, not the token, is the truth: only `current` may be exchanged, `previous` is answered
    with the current pair for a few seconds (parallel tabs), and any other of the chain revokes
    the whole family. Access tokens name their family, so that ending it ends them too.
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
    """A program's way in, for some of what its owner may do; of the secret only a digest is kept.

    `public_id` is the part of the key that it is found by, and that people may see.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    public_id = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the secret, in hex.")
    scopes = models.JSONField(help_text="What it may do: see api.auth.permissions.Scope.")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    @property
    def prefix(self) -> str:
        """How the key begins."""
        return f"ips_{self.public_id}"

    @property
    def updated_at(self) -> datetime:
        """When what is shown of it last changed; nothing but its use ever does."""
        return self.last_used_at or self.created_at

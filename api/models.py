"""Who uses the service: users and their sessions."""

from __future__ import annotations

import uuid
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

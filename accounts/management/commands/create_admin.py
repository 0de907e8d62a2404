"""`manage.py create_admin EMAIL`: an administrator with a generated password, shown once."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.utils import generate_unique_username
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts.models import User


class Command(BaseCommand):
    help = "Create an administrator with a generated password, unless the e-mail is taken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *_args: Any, **options: Any) -> None:
        email: str = options["email"]
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email!r} is not an e-mail address.") from None
        existing = User.objects.with_email(email).first()
        if existing is not None:
            kind = "an administrator" if existing.is_superuser else "a user without admin rights"
            self.stdout.write(f"{existing.email} is already {kind}; nothing was changed.")
            return
        password = secrets.token_urlsafe(18)
        # The same name that registration would generate from the e-mail address.
        name = generate_unique_username([email])
        User.objects.create_superuser(name, email, password)
        self.stdout.write(f"administrator {email}, user name {name}, password {password}")

"""The only reader of the environment in the Django project.

The file `.env` in the checkout supplies variables that the environment does not set.
`Environment.names` records every variable that is read; a test compares it to `.env.example`.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

MISSING_MAIL_SERVER = "accounts.mails.server.MissingMailServer"

_RATE = re.compile(r"^(\d+)/(second|minute|hour|day)$")


class Environment(environ.Env):
    """django-environ's reader with checked values; errors name the variable, value and limit."""

    names: ClassVar[set[str]] = set()

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        self.names.add(var)
        try:
            return super().get_value(var, *args, **kwargs)
        except ImproperlyConfigured:
            raise
        except (ValueError, TypeError) as error:
            raise ImproperlyConfigured(f"{var} has an invalid value: {error}") from error

    def required(self, var: str, reason: str) -> str:
        """Read a text that must be set; `reason` ends the error message."""
        value: str = self.str(var, default="")
        if not value:
            raise ImproperlyConfigured(f"{var} is not set: {reason}")
        return value

    def whole(self, var: str, default: int, *, least: int = 0, most: int | None = None) -> int:
        """Read a whole number between `least` and `most`."""
        value: int = self.int(var, default=default)
        if value < least or (most is not None and value > most):
            bounds = f"at least {least}" if most is None else f"{least} to {most}"
            raise ImproperlyConfigured(f"{var} is {value}; it must be {bounds}.")
        return value

    def choice(self, var: str, default: str, allowed: tuple[str, ...]) -> str:
        """Read one of the `allowed` words, in any case."""
        value: str = self.str(var, default=default)
        for word in allowed:
            if word.lower() == value.lower():
                return word
        raise ImproperlyConfigured(f"{var} is {value!r}; it must be one of {', '.join(allowed)}.")

    def address(self, var: str, default: str) -> str:
        """Read an http(s) URL, or ""; a slash at its end is removed."""
        value: str = self.str(var, default=default).rstrip("/")
        if value:
            parts = urlsplit(value)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ImproperlyConfigured(
                    f"{var} is {value!r}; it must start with http:// or https:// and a host."
                )
        return value

    def mail_server(self, var: str, *, debug: bool) -> dict[str, Any]:
        """Read the address of the mail server as Django's EMAIL_ settings.

        Without one, mails are printed while `debug` is on, and cannot be sent otherwise.
        """
        url: str = self.str(var, default="") or ("consolemail://" if debug else "")
        if not url:
            return {"EMAIL_BACKEND": MISSING_MAIL_SERVER}
        scheme = url.partition("://")[0]
        if scheme not in self.EMAIL_SCHEMES:
            schemes = ", ".join(f"{name}://" for name in self.EMAIL_SCHEMES)
            raise ImproperlyConfigured(f"{var} must start with one of {schemes}.")
        if scheme == "consolemail" and not debug:
            raise ImproperlyConfigured(
                f"{var} is {url!r}; mails hold links that open accounts, so they are printed to "
                "the log only with DEBUG=True. Without a mail server, leave it empty."
            )
        config: dict[str, Any] = self.email_url_config(url)
        return config

    def networks(self, var: str) -> list[IPv4Network | IPv6Network]:
        """Read networks such as `10.0.0.0/8`, or single addresses, separated by commas."""
        try:
            return [ip_network(text.strip()) for text in self.list(var, default=[])]
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{var} must be networks such as 10.0.0.0/8, separated by commas: {error}."
            ) from error

    def ports(self, var: str, default: list[int]) -> list[int]:
        """Read port numbers, separated by commas."""
        found: list[int] = self.list(var, cast=int, default=default)
        for port in found:
            if not 1 <= port <= 65_535:
                raise ImproperlyConfigured(f"{var} holds {port}; ports are 1 to 65535.")
        return found

    def rate(self, var: str, default: str) -> str:
        """Read a rate limit such as `100/minute`."""
        value: str = self.str(var, default=default)
        if not _RATE.match(value):
            raise ImproperlyConfigured(
                f"{var} is {value!r}; it must look like 100/minute (second, minute, hour or day)."
            )
        return value


env = Environment()
Environment.read_env(BASE_DIR / ".env", overwrite=False)

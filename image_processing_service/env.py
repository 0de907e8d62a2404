"""The only reader of the environment for the Django project.

A `.env` file in the checkout fills in what the environment itself does not say. Every variable
that is read is remembered in `Environment.names`; a test holds `.env.example` against it.
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

_RATE = re.compile(r"^(\d+)/(second|minute|hour|day)$")


class Environment(environ.Env):
    """django-environ's reader, with values that fail loudly and remembered names."""

    names: ClassVar[set[str]] = set()

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        self.names.add(var)
        try:
            return super().get_value(var, *args, **kwargs)
        except ImproperlyConfigured:
            raise
        except (ValueError, TypeError) as error:
            raise ImproperlyConfigured(f"{var} has a value that cannot be read: {error}") from error

    def required(self, var: str, reason: str) -> str:
        """A value that must be given; `reason` completes the sentence that says so."""
        value: str = self.str(var, default="")
        if not value:
            raise ImproperlyConfigured(f"{var} is not set: {reason}")
        return value

    def whole(self, var: str, default: int, *, least: int = 0, most: int | None = None) -> int:
        """A whole number in a range."""
        value: int = self.int(var, default=default)
        if value < least or (most is not None and value > most):
            bounds = f"at least {least}" if most is None else f"{least} to {most}"
            raise ImproperlyConfigured(f"{var} is {value}; it must be {bounds}.")
        return value

    def choice(self, var: str, default: str, allowed: tuple[str, ...]) -> str:
        """One of a few words, compared without case."""
        value: str = self.str(var, default=default)
        for word in allowed:
            if word.lower() == value.lower():
                return word
        raise ImproperlyConfigured(f"{var} is {value!r}; it must be one of {', '.join(allowed)}.")

    def address(self, var: str, default: str) -> str:
        """An address with http:// or https://, without a slash at its end; may be empty."""
        value: str = self.str(var, default=default).rstrip("/")
        if value:
            parts = urlsplit(value)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ImproperlyConfigured(
                    f"{var} is {value!r}; it must start with http:// or https:// and a host."
                )
        return value

    def networks(self, var: str) -> list[IPv4Network | IPv6Network]:
        """Networks such as `10.0.0.0/8`, separated by commas; an address is a network of one."""
        try:
            return [ip_network(text.strip()) for text in self.list(var, default=[])]
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{var} must be networks such as 10.0.0.0/8, separated by commas: {error}."
            ) from error

    def ports(self, var: str, default: list[int]) -> list[int]:
        """Port numbers, separated by commas."""
        found: list[int] = self.list(var, cast=int, default=default)
        for port in found:
            if not 1 <= port <= 65_535:
                raise ImproperlyConfigured(f"{var} holds {port}; ports are 1 to 65535.")
        return found

    def rate(self, var: str, default: str) -> str:
        """A rate limit such as `100/minute`."""
        value: str = self.str(var, default=default)
        if not _RATE.match(value):
            raise ImproperlyConfigured(
                f"{var} is {value!r}; it must look like 100/minute (second, minute, hour or day)."
            )
        return value


env = Environment()
Environment.read_env(BASE_DIR / ".env", overwrite=False)

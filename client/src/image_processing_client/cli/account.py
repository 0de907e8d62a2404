"""The stored account of this machine: a small file that only its owner may read."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from image_processing_client.cli.exits import NOT_SIGNED_IN, CommandError, UsageError
from image_processing_client.client import Client
from image_processing_client.retries import Retries
from image_processing_client.sign_in import ApiKey, Session, Tokens
from image_processing_client.transport import Authorization, parse_base_url

if sys.platform != "win32":
    import fcntl

HINT = "Run `ips login URL`, or set IPS_URL and IPS_KEY."


class Account:
    """`ips/account.json` under `$XDG_CONFIG_HOME` (`~/.config`). It is also a `TokenStore`."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        home = environment.get("XDG_CONFIG_HOME") or Path.home() / ".config"
        self.path = Path(home) / "ips" / "account.json"
        self._lock = threading.RLock()

    def read(self) -> dict[str, Any]:
        """Return the stored `url` and either `key`, or `access` and `refresh`; {} if none."""
        try:
            stored = json.loads(self.path.read_text())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise UsageError(f"{self.path} cannot be read: {error}. {HINT}") from error
        return stored if isinstance(stored, dict) else {}

    def write(self, **stored: str) -> None:
        """Replace the stored account. A simultaneous reader sees the old or the new one."""
        self._make_folder()
        new = self.path.with_name(f".{secrets.token_hex(4)}.json")
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(stored, file)
        new.replace(self.path)

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)

    # The methods of `sign_in.TokenStore`.

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Make other threads and other processes wait."""
        self._make_folder()
        with self._lock, self.path.with_suffix(".lock").open("a") as file:
            if sys.platform != "win32":
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def load(self) -> Tokens | None:
        stored = self.read()
        if "access" not in stored:
            return None
        return Tokens(stored["access"], stored["refresh"])

    def save(self, tokens: Tokens) -> None:
        self.write(url=self.read()["url"], access=tokens.access, refresh=tokens.refresh)

    def _make_folder(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def connect(arguments: argparse.Namespace, *, authenticated: bool = True) -> Client:
    """Return a client; service and account come from options, environment or file, in this order.

    Raises `CommandError` when nobody is signed in there, and `UsageError` when no service is known
    to a command that needs no account.
    """
    account = Account()
    stored = account.read()
    address = arguments.url or os.environ.get("IPS_URL") or stored.get("url")
    if not address and authenticated:
        raise CommandError(NOT_SIGNED_IN, f"You are not signed in. {HINT}")
    if not address:
        raise UsageError(f"No service is known. {HINT}")
    try:
        retries = Retries(arguments.retries)
        if not authenticated:
            return Client(address, retries=retries)
        if key := os.environ.get("IPS_KEY"):
            return Client(address, key=key, retries=retries)
        if parse_base_url(address) != stored.get("url"):
            # Credentials of one service are never sent to another.
            raise CommandError(NOT_SIGNED_IN, f"You are not signed in at {address}. {HINT}")
        return Client(
            address, authorization=_stored_authorization(account, stored), retries=retries
        )
    except ValueError as error:
        raise UsageError(str(error)) from error


def _stored_authorization(account: Account, stored: Mapping[str, str]) -> Authorization:
    return ApiKey(stored["key"]) if "key" in stored else Session(account)

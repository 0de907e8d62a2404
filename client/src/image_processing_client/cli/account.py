"""Who is signed in on this machine: one small file that only its owner may read."""

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

from image_processing_client.cli.exits import NOT_SIGNED_IN, Stop, UsageMistake
from image_processing_client.client import Client
from image_processing_client.retries import Retries
from image_processing_client.sign_in import ApiKey, Session, Tokens
from image_processing_client.transport import Authorization, service_url

if sys.platform != "win32":
    import fcntl

HINT = "Run `ips login URL`, or set IPS_URL and IPS_KEY."


class Account:
    """`ips/account.json` under `$XDG_CONFIG_HOME` (`~/.config`); keeps the tokens of a session."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        home = environment.get("XDG_CONFIG_HOME") or Path.home() / ".config"
        self.path = Path(home) / "ips" / "account.json"
        self._lock = threading.RLock()

    def read(self) -> dict[str, Any]:
        """What is stored: `url` and either `key`, or `access` and `refresh`; {} if nothing."""
        try:
            stored = json.loads(self.path.read_text())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise UsageMistake(f"{self.path} cannot be read: {error}. {HINT}") from error
        return stored if isinstance(stored, dict) else {}

    def write(self, **stored: str) -> None:
        """Replace what is stored; whoever reads meanwhile sees the old or the new."""
        self._make_folder()
        new = self.path.with_name(f".{secrets.token_hex(4)}.json")
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(stored, file)
        new.replace(self.path)

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)

    # What `sign_in.Keeper` asks for.

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Other threads and other processes wait."""
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


def connect(arguments: argparse.Namespace, *, signed: bool = True) -> Client:
    """A client of the service and account that the options, environment or file name, in order.

    Raises `UsageMistake` when no service is known, `Stop` when nobody is signed in there.
    """
    account = Account()
    stored = account.read()
    address = arguments.url or os.environ.get("IPS_URL") or stored.get("url")
    if not address:
        raise UsageMistake(f"No service is known. {HINT}")
    try:
        retries = Retries(arguments.retries)
        if not signed:
            return Client(address, retries=retries)
        if key := os.environ.get("IPS_KEY"):
            return Client(address, key=key, retries=retries)
        if service_url(address) != stored.get("url"):
            # What was stored for one service is never sent to another.
            raise Stop(NOT_SIGNED_IN, f"Nobody is signed in at {address}. {HINT}")
        return Client(address, authorization=_stored(account, stored), retries=retries)
    except ValueError as error:
        raise UsageMistake(str(error)) from error


def _stored(account: Account, stored: Mapping[str, str]) -> Authorization:
    return ApiKey(stored["key"]) if "key" in stored else Session(account)

"""`ips login` and `ips logout`."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import Any

from image_processing_client.cli.account import Account
from image_processing_client.cli.exits import UsageError
from image_processing_client.cli.output import Output
from image_processing_client.client import Client
from image_processing_client.errors import ClientError, PermissionDenied
from image_processing_client.retries import Retries
from image_processing_client.sign_in import ApiKey, MemoryTokens, Session, Tokens, sign_out
from image_processing_client.transport import Transport


def login(arguments: argparse.Namespace, output: Output) -> int:
    """Check the key or password at the service, then store the key or the tokens."""
    account = Account()
    url = arguments.address or arguments.url or os.environ.get("IPS_URL")
    url = url or account.read().get("url")
    if not url:
        raise UsageError("Name the service: ips login https://images.example.com")
    key, memory = "", MemoryTokens()
    authorization: ApiKey | Session
    if arguments.key is not None:
        key = arguments.key or _ask("API key: ")
        authorization = ApiKey(key)
    else:
        email = arguments.email or _ask("E-mail or user name: ", hidden=False)
        authorization = Session(memory, email=email, password=_ask("Password: "))
    try:
        client = Client(url, authorization=authorization, retries=Retries(arguments.retries))
    except ValueError as error:
        raise UsageError(str(error)) from error
    with client:
        person = _check(client, by_key=bool(key))
    with account.lock():
        tokens = memory.load()
        if tokens is not None:
            account.write(url=client.base_url, access=tokens.access, refresh=tokens.refresh)
        else:
            account.write(url=client.base_url, key=key)
    name = person.get("email") or person.get("username") or "the owner of the API key"
    output.say(f"Signed in at {client.base_url} as {name}.", {"url": client.base_url, **person})
    return 0


def _check(client: Client, *, by_key: bool) -> dict[str, Any]:
    """Return the account; {} for a valid API key that may not read it."""
    try:
        return client.whoami()
    except PermissionDenied:
        if not by_key:
            raise
        return {}  # an invalid key gives 401


def logout(arguments: argparse.Namespace, output: Output) -> int:
    """End the session at the service if that is possible, and delete it here in any case."""
    account = Account()
    with account.lock():
        stored = account.read()
        account.forget()
    if "access" in stored:
        transport = Transport(stored["url"], None, Retries(1), timeout=10)
        try:
            sign_out(transport, Tokens(stored["access"], stored["refresh"]))
        except ClientError as error:
            print(f"ips: the session could not be ended at the service: {error}", file=sys.stderr)
        finally:
            transport.close()
    text = "Signed out." if stored else "You were not signed in."
    output.say(text, {"signed_out": bool(stored)})
    return 0


def _ask(prompt: str, *, hidden: bool = True) -> str:
    """Ask the person; without a terminal, read the next line of standard input."""
    if not sys.stdin.isatty():
        answer = sys.stdin.readline().rstrip("\r\n")
    elif hidden:
        answer = getpass.getpass(prompt)
    else:
        print(prompt, end="", file=sys.stderr, flush=True)
        answer = sys.stdin.readline().rstrip("\n")
    if not answer:
        raise UsageError(f"The answer is empty: {prompt.rstrip(': ')}.")
    return answer

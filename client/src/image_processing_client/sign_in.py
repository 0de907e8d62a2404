"""Authenticate with an API key, or with a session whose tokens are renewed when they expire."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from image_processing_client.errors import NotSignedIn
from image_processing_client.transport import Call, Transport


@dataclass(frozen=True)
class ApiKey:
    """An API key of the account."""

    key: str

    def header(self, transport: Transport) -> str:
        return f"Api-Key {self.key}"

    def renew(self, transport: Transport, refused: str, error: NotSignedIn) -> str:
        raise error


@dataclass(frozen=True)
class Tokens:
    """A pair of an access token (valid for minutes) and a refresh token (days)."""

    access: str
    refresh: str

    @property
    def header(self) -> str:
        return f"Bearer {self.access}"


class TokenStore(Protocol):
    """Stores the tokens of a session between requests."""

    def lock(self) -> AbstractContextManager[None]:
        """Return a context manager in which no other thread or process exchanges the tokens."""

    def load(self) -> Tokens | None: ...

    def save(self, tokens: Tokens) -> None: ...


class MemoryTokens:
    """Stores the tokens in memory, for all threads of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: Tokens | None = None

    @contextmanager
    def lock(self) -> Iterator[None]:
        with self._lock:
            yield

    def load(self) -> Tokens | None:
        return self._tokens

    def save(self, tokens: Tokens) -> None:
        self._tokens = tokens


class Session:
    """Signs in by e-mail and password if it has them, and exchanges expired tokens.

    A refresh token works once; using it a second time ends the session. Therefore threads and
    processes take turns, and the second one finds the new pair.
    """

    def __init__(self, store: TokenStore, *, email: str | None = None, password: str = "") -> None:
        self._store = store
        self._email = email
        self._password = password

    def header(self, transport: Transport) -> str:
        with self._store.lock():
            tokens = self._store.load()
            if tokens is None:
                tokens = self._sign_in(transport)
        return tokens.header

    def renew(self, transport: Transport, refused: str, error: NotSignedIn) -> str:
        with self._store.lock():
            tokens = self._store.load()
            if tokens is None or tokens.header == refused:
                tokens = self._renew(transport, tokens, error)
        return tokens.header

    def _renew(self, transport: Transport, old: Tokens | None, error: NotSignedIn) -> Tokens:
        if old is not None and error.code == "token_expired":
            try:
                # If this answer is lost, a retry works: for some seconds the service answers the
                # used token with the same new pair.
                return self._save(request_tokens(transport, "token/refresh/", refresh=old.refresh))
            except NotSignedIn:
                if self._email is None:
                    raise
        if self._email is None:
            raise error
        return self._sign_in(transport)

    def _sign_in(self, transport: Transport) -> Tokens:
        if self._email is None:
            raise NotSignedIn("Not signed in.", status=401, code="not_authenticated")
        return self._save(sign_in(transport, self._email, self._password))

    def _save(self, tokens: Tokens) -> Tokens:
        self._store.save(tokens)
        return tokens


def sign_in(transport: Transport, login: str, password: str) -> Tokens:
    """Start a session for an e-mail address or user name. Raises `NotSignedIn`."""
    return request_tokens(transport, "token/", username=login, password=password)


def request_tokens(transport: Transport, path: str, **body: str) -> Tokens:
    """POST to a route that returns a new pair of tokens."""
    answer = transport.json(Call("POST", path, json=body, authenticated=False))
    return Tokens(str(answer["access"]), str(answer["refresh"]))


def sign_out(transport: Transport, tokens: Tokens) -> None:
    """End the session at the service. A session that has already ended is no error."""
    body = {"refresh": tokens.refresh}
    transport.json(Call("POST", "auth/logout/", json=body, authenticated=False))

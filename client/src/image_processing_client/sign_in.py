"""Who you are: an API key, or a session of tokens that are renewed when they expire."""

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
    """A named key of the account."""

    key: str

    def header(self, transport: Transport) -> str:
        return f"Api-Key {self.key}"

    def renewed(self, transport: Transport, refused: str, error: NotSignedIn) -> str:
        raise error


@dataclass(frozen=True)
class Tokens:
    """One access token (minutes) and the refresh token (days) that gets the next pair."""

    access: str
    refresh: str

    @property
    def header(self) -> str:
        return f"Bearer {self.access}"


class Keeper(Protocol):
    """Where the tokens are between requests, and who may change them at a time."""

    def locked(self) -> AbstractContextManager[None]:
        """A context manager: nobody else exchanges these tokens meanwhile."""

    def load(self) -> Tokens | None: ...

    def save(self, tokens: Tokens) -> None: ...


class Memory:
    """Keeps the tokens in this process, for all its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: Tokens | None = None

    @contextmanager
    def locked(self) -> Iterator[None]:
        with self._lock:
            yield

    def load(self) -> Tokens | None:
        return self._tokens

    def save(self, tokens: Tokens) -> None:
        self._tokens = tokens


class Session:
    """Signs in by e-mail and password if it has them, and exchanges expired tokens.

    A refresh token is good for one exchange, and one used twice ends the session. So threads and
    processes take turns, and whoever comes second finds the new pair.
    """

    def __init__(self, keeper: Keeper, *, email: str | None = None, password: str = "") -> None:
        self._keeper = keeper
        self._email = email
        self._password = password

    def header(self, transport: Transport) -> str:
        with self._keeper.locked():
            tokens = self._keeper.load()
            if tokens is None:
                tokens = self._sign_in(transport)
        return tokens.header

    def renewed(self, transport: Transport, refused: str, error: NotSignedIn) -> str:
        with self._keeper.locked():
            tokens = self._keeper.load()
            if tokens is None or tokens.header == refused:
                tokens = self._exchange(transport, tokens, error)
        return tokens.header

    def _exchange(self, transport: Transport, old: Tokens | None, error: NotSignedIn) -> Tokens:
        if old is not None and error.code == "token_expired":
            try:
                # The service answers the token before with the same pair for some seconds, so
                # that a lost answer does no harm.
                return self._kept(tokens_of(transport, "token/refresh/", refresh=old.refresh))
            except NotSignedIn:
                if self._email is None:
                    raise
        if self._email is None:
            raise error
        return self._sign_in(transport)

    def _sign_in(self, transport: Transport) -> Tokens:
        if self._email is None:
            raise NotSignedIn("Nobody is signed in.", status=401, code="not_authenticated")
        return self._kept(sign_in(transport, self._email, self._password))

    def _kept(self, tokens: Tokens) -> Tokens:
        self._keeper.save(tokens)
        return tokens


def sign_in(transport: Transport, login: str, password: str) -> Tokens:
    """A new session of an e-mail address or user name; raises `NotSignedIn` if it is refused."""
    return tokens_of(transport, "token/", username=login, password=password)


def tokens_of(transport: Transport, path: str, **body: str) -> Tokens:
    """The pair that a sign-in or an exchange gives."""
    answer = transport.json(Call("POST", path, json=body, signed=False))
    return Tokens(str(answer["access"]), str(answer["refresh"]))


def sign_out(transport: Transport, tokens: Tokens) -> None:
    """End the session at the service; one that has ended already is no error."""
    body = {"refresh": tokens.refresh}
    transport.json(Call("POST", "auth/logout/", json=body, signed=False))

"""Send requests: authenticate them, repeat them where that helps, and raise typed errors."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol, TypeVar

import httpx

from image_processing_client.errors import ConnectionFailed, NotSignedIn, UnexpectedAnswer
from image_processing_client.problem import parse_error
from image_processing_client.retries import Retries

T = TypeVar("T")

API = "/api/v1"
CONNECT_TIMEOUT = 10.0  # seconds


@dataclass(frozen=True)
class Call:
    """A request that can be sent more than once. `path` is below `/api/v1/`."""

    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    authenticated: bool = True
    repeatable: bool = True
    extra_seconds: float = 0.0  # added to the time for which the service may be silent
    follow_redirects: bool = False


class Authorization(Protocol):
    """Credentials. Both methods may themselves send calls that are not authenticated."""

    def header(self, transport: Transport) -> str:
        """Return the `Authorization` header for a request."""

    def renew(self, transport: Transport, refused: str, error: NotSignedIn) -> str:
        """Return a new header after the service refused `refused`; raises if there is none."""


class Transport:
    """Sends requests to one service. Several threads may share it."""

    def __init__(
        self,
        base_url: str,
        authorization: Authorization | None,
        retries: Retries,
        timeout: float,
    ) -> None:
        self.base_url = parse_base_url(base_url)
        self._authorization = authorization
        self._retries = retries
        self._timeout = timeout
        self._http = httpx.Client(
            base_url=f"{self.base_url}{API}",
            # Sign-in sets cookies for browsers. This client only uses the Authorization header.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": f"image-processing-client/{_version()}"},
        )

    def close(self) -> None:
        self._http.close()

    def json(self, call: Call) -> Any:
        """Return the JSON of the answer; None for an empty answer."""
        return self.send(call, _read_json)

    def send(self, call: Call, read: Callable[[httpx.Response], T]) -> T:
        """Send the call and return `read(answer)`. If the connection breaks, `read` runs again.

        Raises subclasses of `APIError`, `ConnectionFailed` and `UnexpectedAnswer`.
        """
        if not call.authenticated or self._authorization is None:
            return self._send_with_retries(call, read, None)
        header = self._authorization.header(self)
        try:
            return self._send_with_retries(call, read, header)
        except NotSignedIn as error:
            header = self._authorization.renew(self, header, error)
        return self._send_with_retries(call, read, header)

    def _send_with_retries(
        self, call: Call, read: Callable[[httpx.Response], T], header: str | None
    ) -> T:
        done = 0
        while True:
            try:
                return self._send_once(call, read, header)
            except Exception as error:
                pause = self._retries.pause(done, error, repeatable=call.repeatable)
                if pause is None:
                    if isinstance(error, httpx.HTTPError):
                        reason = str(error) or type(error).__name__
                        raise ConnectionFailed(
                            f"{call.method} {self.base_url}{API}/{call.path}: {reason}"
                        ) from error
                    raise
            self._retries.sleep(pause)
            done += 1

    def _send_once(self, call: Call, read: Callable[[httpx.Response], T], header: str | None) -> T:
        request = self._http.build_request(
            call.method,
            call.path,
            params=call.params or None,
            json=call.json,
            data=call.form or None,
            files=call.files or None,
            headers={**call.headers, **({"Authorization": header} if header else {})},
            timeout=httpx.Timeout(self._timeout + call.extra_seconds, connect=CONNECT_TIMEOUT),
        )
        response = self._http.send(request, stream=True, follow_redirects=call.follow_redirects)
        try:
            if response.status_code >= 400:
                response.read()
                raise parse_error(response)
            return read(response)
        finally:
            response.close()


def idempotency_header(key: str | None) -> dict[str, str]:
    """Return the header with this key, or with a new key for one call and its retries."""
    return {"Idempotency-Key": key or uuid.uuid4().hex}


def parse_base_url(address: str) -> str:
    """Return the address without a slash or `/api/v1` at its end. Raises `ValueError`."""
    url = address.strip().rstrip("/").removesuffix(API).rstrip("/")
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError(f"{address!r} is not an address: {error}.") from error
    if parts.scheme not in ("http", "https") or not parts.host:
        raise ValueError(f"{address!r} is not an address that starts with http:// or https://.")
    return url


def _read_json(response: httpx.Response) -> Any:
    content = response.read()
    if not content:
        return None
    try:
        return json.loads(content)
    except ValueError as error:
        kind = response.headers.get("Content-Type", "nothing")
        raise UnexpectedAnswer(
            f"{response.url} answered {response.status_code} with {kind} instead of JSON. "
            "Is this the address of the service?"
        ) from error


def _version() -> str:
    try:
        return version("image-processing-client")
    except PackageNotFoundError:  # not installed
        return "0"

"""The entry point: one service, seen by one account."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Literal, Self

from image_processing_client.images import Images
from image_processing_client.images import id_of as image_id
from image_processing_client.operations import Operations, Step
from image_processing_client.records import Image, Task
from image_processing_client.results import Results
from image_processing_client.retries import Retries
from image_processing_client.sign_in import ApiKey, Memory, Session
from image_processing_client.tasks import Tasks
from image_processing_client.transport import IDEMPOTENCY_KEY, Authorization, Call, Transport


class Client:
    """`Client(url, key="...")`, or `Client(url, email="...", password="...")`.

    Nothing is sent before the first call. One client serves any number of threads. Requests are
    tried again on lost connections, 429, 502, 503 and 504; see `Retries`.
    """

    def __init__(
        self,
        base_url: str,
        *,
        key: str | None = None,
        email: str | None = None,
        password: str | None = None,
        authorization: Authorization | None = None,
        retries: Retries | None = None,
        timeout: float = 30,
    ) -> None:
        """`email` may be a user name as well. `authorization` is for sessions kept elsewhere.
        `timeout` is how long the service may be silent, in seconds.

        Raises `ValueError` for an address that is none, and for half or two ways to sign in.
        """
        if (email is None) != (password is None):
            raise ValueError("email and password go together.")
        if sum(given is not None for given in (key, email, authorization)) > 1:
            raise ValueError("Give a key, or email and password, or an authorization: one of them.")
        if key is not None:
            authorization = ApiKey(key)
        elif email is not None and password is not None:
            authorization = Session(Memory(), email=email, password=password)
        self._transport = Transport(base_url, authorization, retries or Retries(), timeout)
        self.images = Images(self._transport)
        self.tasks = Tasks(self._transport)
        self.results = Results(self._transport)
        self.operations = Operations(self._transport)

    @property
    def base_url(self) -> str:
        """The service's address, without `/api/v1`."""
        return self._transport.base_url

    def transform(
        self,
        image: int | Image,
        steps: Sequence[Step],
        *,
        format: str | None = None,  # noqa: A002 - the API's name
        quality: int | Literal["auto"] | None = None,
        lossless: bool | None = None,
        metadata: Literal["keep", "strip"] | None = None,
        background: Any = None,
        idempotency_key: str | None = None,
    ) -> Task:
        """Ask for a version of an image; a task, which is finished already if it exists.

        What is None is left to the service. Raises `InvalidRequest`, whose `errors` point at the
        values that are refused, and `NotFound`.
        """
        options = {
            "format": format,
            "quality": quality,
            "lossless": lossless,
            "metadata": metadata,
            "background": background,
        }
        given = {name: value for name, value in options.items() if value is not None}
        call = Call(
            "POST",
            f"images/{image_id(image)}/transform/",
            json={"transformations": list(steps), **given},
            headers={IDEMPOTENCY_KEY: idempotency_key or uuid.uuid4().hex},
        )
        return self.tasks.bound(self._transport.json(call))

    def whoami(self) -> dict[str, Any]:
        """The account: `id`, `username`, `email` and more."""
        return dict(self._transport.json(Call("GET", "auth/user/")))

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

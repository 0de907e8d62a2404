"""The entry point: one service, seen by one account."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self, Unpack

from image_processing_client.images import Images
from image_processing_client.images import id_of as image_id
from image_processing_client.operations import Operations, Step
from image_processing_client.pipelines import SYNC_TIME, Mode, Options, form_of, request_of
from image_processing_client.records import Image, Plan, Task
from image_processing_client.results import Results
from image_processing_client.retries import Retries
from image_processing_client.sign_in import ApiKey, Memory, Session
from image_processing_client.sources import Progress, Source
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
        mode: Mode = "async",
        idempotency_key: str | None = None,
        **options: Unpack[Options],
    ) -> Task:
        """Ask for a version of an image; a task, which is finished already if it exists.

        With mode "sync" the service answers when the task has ended, or after some seconds with
        one that still runs: `wait` works on either. Options that are None are left to the
        service. Raises `InvalidRequest`, whose `errors` point at the values that are refused,
        and `NotFound`.
        """
        call = Call(
            "POST",
            f"images/{image_id(image)}/transform/",
            json={**request_of(steps, options), "mode": mode},
            headers={IDEMPOTENCY_KEY: idempotency_key or uuid.uuid4().hex},
            extra_time=SYNC_TIME if mode == "sync" else 0,
        )
        return self.tasks.bound(self._transport.json(call))

    def plan(self, image: int | Image, steps: Sequence[Step], **options: Unpack[Options]) -> Plan:
        """What `transform` would give and take; creates nothing, raises the same."""
        path = f"images/{image_id(image)}/transform/plan/"
        return Plan.of(self._transport.json(Call("POST", path, json=request_of(steps, options))))

    def transform_file(
        self,
        source: Source,
        steps: Sequence[Step],
        *,
        file_name: str | None = None,
        description: str | None = None,
        progress: Progress | None = None,
        mode: Mode = "async",
        idempotency_key: str | None = None,
        **options: Unpack[Options],
    ) -> Task:
        """Upload a picture and ask for a version of it in one request: both, or neither.

        The picture is the task's `original_image`. Arguments and errors are those of
        `images.upload` and of `transform`.
        """
        form = form_of(request_of(steps, options)) | {"mode": mode}
        return self.tasks.bound(
            self.images.send(
                "images/transform/",
                source,
                form,
                file_name=file_name,
                description=description,
                progress=progress,
                idempotency_key=idempotency_key,
                extra_time=SYNC_TIME if mode == "sync" else 0,
            )
        )

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

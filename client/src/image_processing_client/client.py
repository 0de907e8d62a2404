"""`Client`: one service, used by one account."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self, Unpack

from image_processing_client.images import Images
from image_processing_client.images import id_of as image_id
from image_processing_client.operations import Operations, Step
from image_processing_client.pipelines import SYNC_SECONDS, Mode, Options, build_body, to_form
from image_processing_client.records import Image, Plan, Task
from image_processing_client.results import Results
from image_processing_client.retries import Retries
from image_processing_client.sign_in import ApiKey, MemoryTokens, Session
from image_processing_client.sources import Progress, Source
from image_processing_client.tasks import Tasks
from image_processing_client.transport import Authorization, Call, Transport, idempotency_header


class Client:
    """`Client(url, key="...")`, or `Client(url, email="...", password="...")`.

    Nothing is sent before the first call. One client serves any number of threads. Requests are
    repeated after lost connections, 429, 502, 503 and 504; see `Retries`.
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
        """`email` may also be a user name. `authorization` is for sessions that are stored
        elsewhere. `timeout` is how long the service may be silent, in seconds.

        Raises `ValueError` for an invalid address, and for incomplete or several credentials.
        """
        if (email is None) != (password is None):
            raise ValueError("email and password go together.")
        if sum(value is not None for value in (key, email, authorization)) > 1:
            raise ValueError(
                "Give only one of them: a key, email and password, or an authorization."
            )
        if key is not None:
            authorization = ApiKey(key)
        elif email is not None and password is not None:
            authorization = Session(MemoryTokens(), email=email, password=password)
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
        """Transform an image; return the task, which has already ended if the result exists.

        In mode "sync" the service answers when the task has ended; after some seconds it answers
        with the running task. `wait` works in both cases. The service chooses the options that
        are None. Raises `NotFound`, and `InvalidRequest`, whose `errors` point at invalid values.
        """
        call = Call(
            "POST",
            f"images/{image_id(image)}/transform/",
            json={**build_body(steps, options), "mode": mode},
            headers=idempotency_header(idempotency_key),
            extra_seconds=SYNC_SECONDS if mode == "sync" else 0,
        )
        return self.tasks.from_answer(self._transport.json(call))

    def plan(self, image: int | Image, steps: Sequence[Step], **options: Unpack[Options]) -> Plan:
        """Return the result and cost that `transform` would have. Creates nothing; same errors."""
        path = f"images/{image_id(image)}/transform/plan/"
        return Plan.from_answer(
            self._transport.json(Call("POST", path, json=build_body(steps, options)))
        )

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
        """Upload a picture and transform it in one request. The service does both or neither.

        The uploaded picture is the task's `original_image`. Arguments and errors are those of
        `images.upload` and of `transform`.
        """
        form = to_form(build_body(steps, options)) | {"mode": mode}
        return self.tasks.from_answer(
            self.images.send_file(
                "images/transform/",
                source,
                form,
                file_name=file_name,
                description=description,
                progress=progress,
                idempotency_key=idempotency_key,
                extra_seconds=SYNC_SECONDS if mode == "sync" else 0,
            )
        )

    def whoami(self) -> dict[str, Any]:
        """Return the account: `id`, `username`, `email` and more."""
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

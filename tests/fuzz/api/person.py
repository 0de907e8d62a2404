"""An account with pictures, tasks and results, whose ids random requests use."""

from __future__ import annotations

import time
import uuid
from typing import Any

import httpx

from tests.builders import pictures
from tests.stack.service import NOWHERE, submit, upload, wait_for_task

PASSWORD = "a-long-pass-phrase-7"
KINDS = ("image", "result", "task", "key", "preset", "batch", "webhook", "delivery")


class Person:
    """An account with a session of its own, which no random request can end, and its objects."""

    def __init__(self, url: str) -> None:
        self._sign_in = f"{url}/api/v1/token/"
        self._names = {"email": f"{uuid.uuid4().hex}@example.com", "password": PASSWORD}
        answer = httpx.post(f"{url}/api/v1/auth/registration/", json=self._names, timeout=30)
        assert answer.status_code == 201, answer.text
        self._token, self._until = "", 0.0
        self._client = httpx.Client(
            base_url=f"{url}/api/v1",
            timeout=60,
            event_hooks={"request": [lambda request: request.headers.update(self.header())]},
        )
        self._made = 0
        self._pools: dict[str, list[int]] = {kind: [] for kind in KINDS}
        self._turn = 0

    def header(self) -> dict[str, str]:
        """Return a header that authenticates requests for some minutes at least."""
        if time.monotonic() > self._until:
            answer = httpx.post(self._sign_in, json=self._names, timeout=30)
            assert answer.status_code == 200, answer.text
            self._token, self._until = answer.json()["access"], time.monotonic() + 120
        return {"Authorization": f"Bearer {self._token}"}

    def id_of(self, kind: str) -> int:
        """Return the id of an object of this kind; a different one each time, in turn."""
        pool = self._pools[kind]
        while len(pool) < 3:
            pool.append(self._make(kind))
        self._turn += 1
        return pool[self._turn % len(pool)]

    def forget(self, kind: str, pk: int) -> None:
        """Remove the id of a deleted object."""
        if pk in self._pools[kind]:
            self._pools[kind].remove(pk)

    def leave(self) -> None:
        """Delete the account with its waiting tasks."""
        answer = self._client.request("DELETE", "/auth/user/", json={"password": PASSWORD})
        assert answer.status_code == 204, answer.text
        self._client.close()

    def _make(self, kind: str) -> int:
        self._made += 1
        flip = [{"operation": "flip"}]
        if kind == "webhook":
            return self._create(
                "/webhooks/", {"url": f"https://{NOWHERE}/", "events": ["task.failed"]}
            )
        if kind == "key":
            return self._create("/auth/api-keys/", {"name": f"key {self._made}", "scopes": ["*"]})
        if kind == "preset":
            return self._create(
                "/presets/", {"name": f"preset {self._made}", "transformations": flip}
            )
        if kind == "delivery":
            hook = self.id_of("webhook")
            self._client.patch(f"/webhooks/{hook}/", json={"enabled": True})
            return self._create(f"/webhooks/{hook}/test/", {})
        image = upload(self._client, pictures.jpeg(seed=self._made))
        if kind == "image":
            return image
        if kind == "batch":
            return self._create("/batches/", {"image_ids": [image], "transformations": flip})
        task = submit(self._client, image, flip)
        if kind == "task":
            return task
        ended: dict[str, Any] = wait_for_task(self._client, task)
        assert ended["status"] == "SUCCESS", ended
        return int(ended["result_image"])

    def _create(self, path: str, body: dict[str, Any]) -> int:
        """Create an object; if the account has reached its limit, return an existing one."""
        answer = self._client.post(path, json=body)
        if answer.status_code == 409:
            answer = self._client.get(path)
            return int(answer.json()["results"][0]["id"])
        return int(answer.json()["id"])

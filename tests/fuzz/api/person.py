"""Somebody with an account, pictures, tasks and results: the ids that random requests need."""

from __future__ import annotations

import uuid
from typing import Any

import httpx

from tests.builders import pictures
from tests.stack.service import finished, submit, upload

PASSWORD = "a-long-pass-phrase-7"
KINDS = ("image", "result", "task")


class Person:
    """A client of its own session (ended by no request of others), and what it has made."""

    def __init__(self, url: str) -> None:
        self.email = f"{uuid.uuid4().hex}@example.com"
        form = {"email": self.email, "password": PASSWORD}
        answer = httpx.post(f"{url}/api/v1/auth/registration/", json=form, timeout=30)
        assert answer.status_code == 201, answer.text
        self.client = httpx.Client(
            base_url=f"{url}/api/v1", timeout=60, headers=self.signed_in(url)
        )
        self._made = 0
        self._pools: dict[str, list[int]] = {kind: [] for kind in KINDS}
        self._turn = 0

    def signed_in(self, url: str) -> dict[str, str]:
        """The header of a new session."""
        form = {"email": self.email, "password": PASSWORD}
        answer = httpx.post(f"{url}/api/v1/token/", json=form, timeout=30)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access']}"}

    def id_of(self, kind: str) -> int:
        """The id of one of its objects, of this kind; another one each time, in turn."""
        pool = self._pools[kind]
        while len(pool) < 3:
            pool.append(self._make(kind))
        self._turn += 1
        return pool[self._turn % len(pool)]

    def lost(self, kind: str, pk: int) -> None:
        """It was deleted."""
        if pk in self._pools[kind]:
            self._pools[kind].remove(pk)

    def leave(self) -> None:
        """Delete the account, with the tasks that still wait."""
        answer = self.client.request("DELETE", "/auth/user/", json={"password": PASSWORD})
        assert answer.status_code == 204, answer.text
        self.client.close()

    def _make(self, kind: str) -> int:
        self._made += 1
        image = upload(self.client, pictures.jpeg(seed=self._made))
        if kind == "image":
            return image
        asked = submit(self.client, image, [{"operation": "flip", "params": {}}])
        if kind == "task":
            return asked
        shown: dict[str, Any] = finished(self.client, asked)
        assert shown["status"] == "SUCCESS", shown
        return int(shown["result_image"])

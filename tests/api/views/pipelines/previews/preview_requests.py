"""Bodies of previews, and the messages that they cause."""

from __future__ import annotations

from typing import Any

from kombu.simple import SimpleQueue

FLIP = {"transformations": [{"operation": "flip"}]}


def step(operation: str, **params: Any) -> dict[str, Any]:
    return {"transformations": [{"operation": operation, "params": params}]}


def take(queue: SimpleQueue, *, timeout: float = 10) -> str:
    message = queue.get(timeout=timeout)
    message.ack()
    return str(message.payload[0][0])

"""`client.operations`: the operations of the service, and steps for pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from image_processing_client.transport import Call, Transport

Step = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """One entry of the catalogue; `parameters` is a JSON Schema of a step's `params`."""

    name: str
    group: str
    description: str
    parameters: Mapping[str, Any]
    example: Step


class Operations:
    """The service's catalogue of operations. It needs no sign-in."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> list[Operation]:
        names = Operation.__dataclass_fields__
        rows = self._transport.json(Call("GET", "operations/", authenticated=False))
        return [Operation(**{name: row[name] for name in names}) for row in rows]

    def get(self, name: str) -> Operation:
        """Raises `KeyError` for a name that is not in the catalogue."""
        return {operation.name: operation for operation in self.list()}[name]


def step(operation: str, **params: Any) -> Step:
    """Return a step in the form of the API: `step("resize", width=800)`."""
    return {"operation": operation, "params": params}

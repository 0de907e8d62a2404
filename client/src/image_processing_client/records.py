"""Images, results and tasks as plain values.

`data` holds the complete answer of the service, for members that have no attribute here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, Self

FINISHED = frozenset({"SUCCESS", "FAILED", "CANCELLED"})


@dataclass(frozen=True)
class Record:
    """An object of the service, with an id."""

    id: int
    created_at: datetime
    data: Mapping[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_answer(cls, data: Mapping[str, Any], **more: Any) -> Self:
        """Build it from an answer of the service."""
        names = [name for name in cls.__dataclass_fields__ if name in data]
        values = {name: data[name] for name in names}
        values["created_at"] = datetime.fromisoformat(data["created_at"])
        return cls(**(values | more | {"data": data}))


@dataclass(frozen=True)
class Picture(Record):
    """The common part of images and results. `file` is a link that expires."""

    file: str | None
    file_name: str
    description: str
    metadata: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Image(Picture):
    """An uploaded or imported image: `ready`, `importing`, or `failed` with an `error_code`."""

    status: str
    tags: list[str] = field(default_factory=list)
    duplicate_of: int | None = None
    error_code: str | None = None
    error_message: str | None = None


@dataclass(frozen=True)
class Result(Picture):
    """The result of a transformation."""

    source_image: int
    transformation_task: int


@dataclass(frozen=True)
class Task(Record):
    """A transformation: PENDING, IN_PROGRESS, SUCCESS, FAILED or CANCELLED."""

    status: str
    original_image: int
    result_image: int | None
    transformations: list[dict[str, Any]] = field(repr=False)
    format: str
    quality: int | None
    progress: float  # 0 to 1
    warnings: list[dict[str, Any]] = field(repr=False)
    attempts: int
    error_code: str | None
    error_message: str | None
    tasks: _Tasks | None = field(default=None, repr=False, compare=False)

    @property
    def is_finished(self) -> bool:
        return self.status in FINISHED

    def wait(self, *, timeout: float = 300, check: bool = True) -> Task:
        """Wait until the task has ended and return it; see `client.tasks.wait`."""
        assert self.tasks is not None, "This task was not read from a service."
        return self.tasks.wait(self, timeout=timeout, check=check)


@dataclass(frozen=True)
class Plan:
    """The result and the cost of a transformation. If not `exact`, the size is an upper limit.

    `estimated_seconds` is None while the service has measured too few tasks.
    """

    width: int
    height: int
    exact: bool
    format: str
    quality: int | str | None
    frames: int
    cost: float
    queue: str
    estimated_seconds: float | None
    peak_bytes: int
    already_made: bool
    warnings: list[dict[str, Any]]
    steps: list[str] = field(repr=False)

    @classmethod
    def from_answer(cls, data: Mapping[str, Any]) -> Self:
        """Build it from an answer of the service."""
        return cls(**{name: data[name] for name in cls.__dataclass_fields__})


class _Tasks(Protocol):
    def wait(self, task: Task, *, timeout: float, check: bool) -> Task: ...

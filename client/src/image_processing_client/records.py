"""What the service knows about images, results and tasks, as plain values.

`data` holds the answer as it came, for members that have no attribute here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, Self

FINISHED = frozenset({"SUCCESS", "FAILED", "CANCELLED"})


@dataclass(frozen=True)
class Record:
    """Something with an id."""

    id: int
    created_at: datetime
    data: Mapping[str, Any] = field(repr=False, compare=False)

    @classmethod
    def of(cls, data: Mapping[str, Any], **more: Any) -> Self:
        """Read one from an answer."""
        names = [name for name in cls.__dataclass_fields__ if name in data]
        values = {name: data[name] for name in names}
        values["created_at"] = datetime.fromisoformat(data["created_at"])
        return cls(**(values | more | {"data": data}))


@dataclass(frozen=True)
class Picture(Record):
    """What images and results have in common. `file` is a link that works for a limited time."""

    file: str | None
    file_name: str
    description: str
    metadata: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Image(Picture):
    """One of your uploads: `ready`, `importing`, or `failed` for what `error_code` says."""

    status: str
    tags: list[str] = field(default_factory=list)
    duplicate_of: int | None = None
    error_code: str | None = None
    error_message: str | None = None


@dataclass(frozen=True)
class Result(Picture):
    """A version that was made of an image."""

    source_image: int
    transformation_task: int


@dataclass(frozen=True)
class Task(Record):
    """The making of one version: PENDING, IN_PROGRESS, SUCCESS, FAILED or CANCELLED."""

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
        """As it is once it has ended; see `client.tasks.wait`."""
        assert self.tasks is not None, "This task was not read from a service."
        return self.tasks.wait(self, timeout=timeout, check=check)


@dataclass(frozen=True)
class Plan:
    """What a version would be and take. Where `exact` is False the size is the largest it may be.

    `estimated_seconds` is None while the service has too little to tell it from.
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
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Read one from an answer."""
        return cls(**{name: data[name] for name in cls.__dataclass_fields__})


class _Tasks(Protocol):
    def wait(self, task: Task, *, timeout: float, check: bool) -> Task: ...

"""The base of every error that a caller can act on.

A domain error says what happened (`code`, `detail`), which HTTP answer it maps to (`status`),
and whether the same call may succeed later (`transient`). It knows nothing of HTTP itself:
`api.http.problem` renders it, and workers read `transient` to decide about another attempt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One refused value: where it stands (JSON pointer), why, and the limit it missed."""

    pointer: str
    code: str
    detail: str
    limit: Any = None
    actual: Any = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, without the members that say nothing."""
        return {name: value for name, value in asdict(self).items() if value is not None}


class DomainError(Exception):
    """Base class; subclasses set the class attributes."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    title: ClassVar[str] = "The request could not be carried out"
    transient: ClassVar[bool] = False

    def __init__(
        self,
        detail: str = "",
        *,
        pointer: str = "",
        limit: Any = None,
        actual: Any = None,
        errors: Sequence[Problem] = (),
        members: Mapping[str, Any] | None = None,
    ) -> None:
        self.detail = detail or self.title
        self.pointer = pointer
        self.limit = limit
        self.actual = actual
        self.members = dict(members or {})  # what else a program should know, by name
        if pointer and not errors:
            errors = [Problem(pointer, self.code, self.detail, limit, actual)]
        self.errors: tuple[Problem, ...] = tuple(errors)
        super().__init__(self.detail)

"""The base class of all errors that a caller can act on.

A domain error says what happened (`code`, `detail`), which HTTP status it maps to (`status`), and
whether the same call may succeed later (`transient`). `api.http.problem` turns it into an answer;
workers read `transient` to decide about another attempt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One rejected value: its place (a JSON pointer), the reason, and the limit."""

    pointer: str
    code: str
    detail: str
    limit: Any = None
    actual: Any = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form without members that are None."""
        return {name: value for name, value in asdict(self).items() if value is not None}


class DomainError(Exception):
    """Base class. Subclasses set the class attributes; `title` names the error for users."""

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
        self.members = dict(members or {})  # further members of the JSON answer
        if pointer and not errors:
            errors = [Problem(pointer, self.code, self.detail, limit, actual)]
        self.errors: tuple[Problem, ...] = tuple(errors)
        super().__init__(self.detail)

"""Versions of rows, for changes that apply only to the version that the caller has read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from django.db.models import Model, QuerySet

from utils.errors import DomainError

Row = TypeVar("Row", bound=Model)


class NotFound(DomainError):
    code = "not_found"
    status = 404
    title = "Not Found"


class PreconditionFailed(DomainError):
    code = "precondition_failed"
    status = 412
    title = "Object changed since it was read"


class Versioned(Protocol):
    @property
    def updated_at(self) -> datetime: ...


def version_of(row: Versioned) -> str:
    """The version of a row: the time of its last change, in microseconds, as hex digits."""
    return f"{round(row.updated_at.timestamp() * 1_000_000):x}"


@dataclass(frozen=True, slots=True)
class ExpectedVersion:
    """The versions that a row may have for a change, and those that it must not have.

    `any_of` is None if every version is allowed. `none_of` is None if no version is allowed.
    """

    any_of: frozenset[str] | None = None
    none_of: frozenset[str] | None = frozenset()

    def require(self, row: Versioned) -> None:
        """Raise `PreconditionFailed` unless the row has an expected version."""
        version = version_of(row)
        if self.any_of is not None and version not in self.any_of:
            raise PreconditionFailed(
                "The object has changed since you read it. Read it again, then repeat the change."
            )
        if self.none_of is None or version in self.none_of:
            raise PreconditionFailed(
                "If-None-Match names the present version of the object, so it was not changed."
            )


def lock_version(rows: QuerySet[Row], expected: ExpectedVersion | None) -> Row:
    """Lock the one row of a queryset until the transaction ends, if it has the expected version.

    Without `expected`, every version is allowed. Raises `NotFound`, `PreconditionFailed`.
    """
    row = rows.select_for_update().first()
    if row is None:
        raise NotFound("You have no such object.")
    if expected is not None:
        expected.require(row)  # type: ignore[arg-type]  # every such model has `updated_at`
    return row

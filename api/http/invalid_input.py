"""The error for a body, form or query with invalid values."""

from __future__ import annotations

from collections.abc import Sequence

from utils.errors import DomainError, Problem

MAX_PROBLEMS = 50


class InvalidInput(DomainError):
    code = "invalid_input"
    status = 400
    title = "Invalid input"


def invalid_input(problems: Sequence[Problem], detail: str = "") -> InvalidInput:
    """Return the error for these problems. `detail` defaults to the text of the first problem.

    Like Django REST framework, the answer also lists the texts by field.
    """
    if not detail:
        more = f" ({len(problems)} problems in total)" if len(problems) > 1 else ""
        detail = problems[0].detail + more
    problems = problems[:MAX_PROBLEMS]
    texts: dict[str, list[str]] = {}
    for problem in problems:
        field = problem.pointer.split("/")[1] if problem.pointer else "non_field_errors"
        texts.setdefault(field, []).append(problem.detail)
    return InvalidInput(detail, errors=problems, members=texts)

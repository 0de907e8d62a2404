"""Queries that every request makes, translated to SQL once in a process.

Django translates a queryset anew each time, which costs several times what sending the statement
costs. The statement and the models that it returns are the same as the queryset's.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=models.Model)


class PreparedQuery(Generic[Row]):
    """The queryset that `build` returns, for any values of its arguments.

    `examples` are values of the arguments, all different and different from each value in the
    queryset itself. They show which parameter of the statement is which argument. So the structure
    of the queryset must not depend on the arguments, and each must be a value that the database
    driver takes as it is.
    """

    def __init__(
        self, build: Callable[..., models.QuerySet[Row]], examples: Sequence[object]
    ) -> None:
        self._build = build
        self._examples = list(examples)
        self._compiled: tuple[SQLCompiler, str, list[Any]] | None = None

    def rows(self, *values: Any) -> list[Row]:
        """Return the rows of the queryset with these arguments. One query."""
        compiled, statement, parameters = self._compiled or self._compile()
        compiler = copy.copy(compiled)
        compiler.connection = connections[compiler.using or DEFAULT_DB_ALIAS]
        chosen = dict(zip(self._examples, values, strict=True))
        given = tuple(chosen.get(parameter, parameter) for parameter in parameters)
        compiler.as_sql = lambda *_, **__: (statement, given)  # type: ignore[method-assign]
        queryset: Any = SimpleNamespace(
            db=compiler.connection.alias,
            query=SimpleNamespace(get_compiler=lambda using: compiler),
            _known_related_objects={},
        )
        return list(ModelIterable(queryset))

    def first(self, *values: Any) -> Row | None:
        """Return the only row or the first one, None if there is none."""
        return next(iter(self.rows(*values)), None)

    def _compile(self) -> tuple[SQLCompiler, str, list[Any]]:
        queryset = self._build(*self._examples)
        compiler = queryset.query.get_compiler(using=queryset.db)
        statement, parameters = compiler.as_sql()
        converters = compiler.get_converters([column[0] for column in compiler.select])
        compiler.get_converters = lambda _: converters
        for example in self._examples:
            if example not in parameters:
                raise ValueError(f"{example!r} is no parameter of {statement}")
        self._compiled = (compiler, statement, list(parameters))
        return self._compiled

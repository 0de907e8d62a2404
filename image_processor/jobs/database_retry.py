"""Repeat a final write when the database restarts under it."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import Error as DatabaseError

from image_processor.jobs.connection import close_idle_connection

# Seconds between the tries: a database restarts in about that.
PAUSES = (0.5, 3)

P = ParamSpec("P")
T = TypeVar("T")


def retry_on_database_error(write: Callable[P, T]) -> Callable[P, T]:
    """Decorate a function that writes, to be called again with a fresh connection.

    When the database stays away the last error is raised. The job's lease then runs out, and the
    work is done again.
    """

    @functools.wraps(write)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        for pause in PAUSES:
            try:
                return write(*args, **kwargs)
            except DatabaseError:
                close_idle_connection()
                time.sleep(pause)
        return write(*args, **kwargs)

    return call

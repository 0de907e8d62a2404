"""Repeat a final write when the database restarts under it."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import Error as DatabaseError

from image_processor.jobs.connection import close_idle_connection

# Seconds before each further try. A restart of the database takes about as long as all of them.
PAUSES = (0.5, 3)

P = ParamSpec("P")
T = TypeVar("T")


def retry_on_database_error(write: Callable[P, T]) -> Callable[P, T]:
    """Decorate a function that writes: repeat it with a new connection after a DatabaseError.

    If the last try fails as well, its error is raised. The job's lease then runs out, and the work
    is done again.
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

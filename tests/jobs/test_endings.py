"""Which database errors are an outage, and which are a fault of the service."""

from __future__ import annotations

import psycopg2
import pytest
from django.db import Error as DatabaseError
from django.db import connection
from psycopg2 import errors

from image_processor.jobs import transitions
from image_processor.jobs.endings import Ending, default_ending
from image_processor.models import TransformationTask

OUTAGES = (
    errors.AdminShutdown,
    errors.DeadlockDetected,
    errors.SerializationFailure,
    errors.DiskFull,
    psycopg2.InterfaceError,
)
FAULTS = (
    errors.UniqueViolation,
    errors.NumericValueOutOfRange,
    errors.UndefinedColumn,
    errors.InFailedSqlTransaction,
)


def ending_of(error: type[Exception]) -> Ending:
    """The ending for an error of PostgreSQL, as Django raises it."""
    with pytest.raises(DatabaseError) as raised, connection.wrap_database_errors:
        raise error("no")
    return default_ending(TransformationTask(queue="light"), raised.value)


@pytest.mark.parametrize("error", OUTAGES)
def test_an_outage_of_the_database_puts_the_job_off(error: type[Exception]) -> None:
    ending = ending_of(error)
    assert ending.transition is transitions.wait_out
    assert (ending.code, ending.crashed) == ("database_unavailable", False)


@pytest.mark.parametrize("error", FAULTS)
def test_a_fault_that_the_database_reports_is_a_fault_of_the_service(
    error: type[Exception],
) -> None:
    ending = ending_of(error)
    assert ending.transition is transitions.try_again
    assert (ending.code, ending.crashed) == ("internal_error", True)

"""Carrying out an import: fetched, checked as an upload is, stored, if the lease still holds."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from typing import BinaryIO

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models.functions import Now

from image_processor import conf
from image_processor.engine.errors import FileTooLarge
from image_processor.ingest import intake
from image_processor.jobs import transitions
from image_processor.jobs.connections import let_go
from image_processor.jobs.lease import Lease, LeaseLost
from image_processor.jobs.model import Status
from image_processor.library.locks import ImageGone, lock_image
from image_processor.models import ImageImport, SourceImage, StoredObject
from image_processor.storage.errors import from_os_error
from outbox import events
from utils.errors import DomainError
from utils.outbound import Client, OutboundError, ResponseTooLarge

# Seconds until the other server is asked again after its first failure, its second, ...; there is
# no more after the last.
PAUSES = (5, 30, 180)

log = structlog.get_logger(__name__)


def run(job: ImageImport) -> None:
    """Carry out an import that the caller has just claimed. Its end is in the rows."""
    with Lease(job) as lease:
        try:
            with tempfile.TemporaryFile() as file:
                _fetch(job, file, lease)
                _take_in(job, file)
        except (LeaseLost, ImageGone):
            log.info("import_given_up", job=job.pk, attempt=job.attempts)
        except SoftTimeLimitExceeded:
            _end(job, transitions.fail, "took_too_long", "The import took too long.")
        except OutboundError as error:
            _end(job, _ask_again if error.transient else transitions.fail, error.code, error.detail)
        except DomainError as error:
            # What is transient here is ours: the storage, not the other server.
            end = transitions.wait_out if error.transient else transitions.fail
            _end(job, end, error.code, error.detail)
        except OSError as error:  # of the temporary file
            full = from_os_error(error)
            _end(job, transitions.wait_out, full.code, full.detail)
        except DatabaseError as error:
            log.warning("import_database_error", job=job.pk, error=str(error))
            let_go()
            detail = "The database did not answer."
            _end(job, transitions.wait_out, "database_unavailable", detail)
        except Exception:
            log.exception("import_crashed", job=job.pk, attempt=job.attempts)
            _end(job, transitions.try_again, "internal_error", "Something went wrong on our side.")


class _Spool:
    """The temporary file, as a fetch fills it; asks with each piece whether to go on."""

    def __init__(self, file: BinaryIO, lease: Lease, most: int) -> None:
        self._file = file
        self._lease = lease
        self._most = most
        self._received = 0

    def write(self, data: bytes, /) -> None:
        """Raises `LeaseLost` and `OSError`."""
        self._file.write(data)
        self._received += len(data)
        self._lease.checkpoint(self._received / self._most)


def _fetch(job: ImageImport, file: BinaryIO, lease: Lease) -> None:
    """Raises an `OutboundError`, `FileTooLarge`, and what `_Spool` raises."""
    most = conf.limits().max_file_bytes
    into = _Spool(file, lease, most)
    let_go()  # the other server may take its time
    try:
        Client().fetch(job.url, into, most_bytes=most, seconds=settings.IMPORT_TIMEOUT)
    except ResponseTooLarge as error:
        raise FileTooLarge(
            f"The file is larger than {settings.IMAGE_MAX_FILE_SIZE_MB} MB.",
            limit=most,
            actual=error.actual,
        ) from error


def _take_in(job: ImageImport, file: BinaryIO) -> None:
    """Check and store what was fetched. Raises what an upload is refused with, and `LeaseLost`."""
    checked = intake.check(job.owner_id, file)
    intake.keep(
        checked,
        partial(intake.write, checked, file),
        partial(_publish, job),
        hold=partial(lock_image, job.image_id, job.owner_id),
    )


def _publish(job: ImageImport, stored: StoredObject) -> None:
    SourceImage.objects.filter(pk=job.image_id).update(
        stored_object=stored,
        metadata=stored.metadata,
        status=SourceImage.Status.READY,
        error_code="",
        error_message="",
        updated_at=Now(),
    )
    events.record("image.uploaded", job.owner_id, image=job.image_id)
    if not transitions.finish(job):
        raise LeaseLost


def _ask_again(job: ImageImport, code: str, message: str) -> bool:
    """IN_PROGRESS -> PENDING because the other server failed; FAILED after the last of `PAUSES`."""
    if job.failures >= len(PAUSES):
        return transitions.fail(job, code, message)
    pause = PAUSES[job.failures]
    return transitions.put_off(job, code, message, seconds=pause, failures=job.failures + 1)


def _end(
    job: ImageImport, transition: Callable[[ImageImport, str, str], bool], code: str, message: str
) -> None:
    """Carry out a transition, and tell of it where the image is shown.

    When the database does not answer now, the lease runs out and all is done again.
    """
    try:
        with transaction.atomic():
            lock_image(job.image_id, job.owner_id)
            if transition(job, code, message):
                job.refresh_from_db(fields=["status"])
                _tell(job, code, message)
    except ImageGone:
        log.info("import_given_up", job=job.pk, attempt=job.attempts)
    except DatabaseError as error:
        log.warning("import_end_not_written", job=job.pk, error=str(error))
        let_go()


def fail_lost(job: ImageImport) -> bool:
    """IN_PROGRESS -> FAILED for one of `transitions.lost`, if it still is; whether it was."""
    try:
        with transaction.atomic():
            lock_image(job.image_id, job.owner_id)
            failed = transitions.fail_lost(job)
            if failed:
                job.refresh_from_db(fields=["status", "error_code", "error_message"])
                _tell(job, job.error_code, job.error_message)
    except ImageGone:
        return False
    return failed


def _tell(job: ImageImport, code: str, message: str) -> None:
    changes = {"error_code": code, "error_message": message}
    if job.status == Status.FAILED:
        changes["status"] = SourceImage.Status.FAILED
        events.record("image.import_failed", job.owner_id, image=job.image_id, code=code)
    SourceImage.objects.filter(pk=job.image_id).update(**changes, updated_at=Now())

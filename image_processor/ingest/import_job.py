"""The job type of imports: fetch a file, check it as an upload is checked, and store it."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from typing import BinaryIO

from django.conf import settings
from django.db.models.functions import Now

from image_processor import configured_limits
from image_processor.engine.errors import FileTooLarge
from image_processor.ingest import file_check
from image_processor.ingest.storing import storing
from image_processor.jobs import transitions
from image_processor.jobs.connection import close_idle_connection
from image_processor.jobs.endings import Ending
from image_processor.jobs.job_type import JobType
from image_processor.jobs.lease import Lease, LeaseLost
from image_processor.jobs.model import Status
from image_processor.jobs.queues import IMPORT
from image_processor.library.locks import ImageGone, lock_image
from image_processor.models import ImageImport, SourceImage
from image_processor.storage.errors import translate_os_error
from outbox import events
from utils.outbound import Client, OutboundError, ResponseTooLarge

# Pauses in seconds after the other server's first, second and third failure; the next is final.
PAUSES = (5, 30, 180)


class ImportJobType(JobType[ImageImport]):
    """Imports: each fetches a file for an image in state `importing`.

    The image shows the error of the last attempt, even while another attempt is pending.
    """

    model = ImageImport
    queues = (IMPORT,)
    gone = (ImageGone,)
    kept = timedelta(days=7)  # not longer, because addresses may hold secrets

    def run(self, job: ImageImport, lease: Lease) -> None:
        with tempfile.TemporaryFile() as file:
            _fetch(job, file, lease)
            _take_in(job, file)

    def lock(self, job: ImageImport) -> None:
        lock_image(job.image_id, job.owner_id)

    def ending(self, job: ImageImport, error: Exception) -> Ending:
        """Try another server a few times only, but wait out failures of our storage and disk."""
        match error:
            case OutboundError(transient=True):
                if job.failures >= len(PAUSES):
                    return Ending(transitions.fail, error.code, error.detail)
                pause = {"seconds": PAUSES[job.failures], "failures": job.failures + 1}
                return Ending(transitions.put_off, error.code, error.detail, pause)
            case OSError():  # of the temporary file
                full = translate_os_error(error)
                return Ending(transitions.wait_out, full.code, full.detail)
        return super().ending(job, error)

    def after_ending(self, job: ImageImport, error: Exception | None) -> None:
        changes = {"error_code": job.error_code, "error_message": job.error_message}
        if job.status == Status.FAILED:
            changes["status"] = SourceImage.Status.FAILED
            events.record(
                "image.import_failed", job.owner_id, image=job.image_id, code=job.error_code
            )
        SourceImage.objects.filter(pk=job.image_id).update(**changes, updated_at=Now())


class _LeasedFile:
    """The temporary file that a fetch writes; checks the lease with each piece."""

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
    """Fetch the file. Raises `OutboundError`, `FileTooLarge`, `LeaseLost` and `OSError`."""
    most = configured_limits.limits().max_file_bytes
    into = _LeasedFile(file, lease, most)
    close_idle_connection()  # the other server may take its time
    try:
        Client().fetch(job.url, into, most_bytes=most, seconds=settings.IMPORT_TIMEOUT)
    except ResponseTooLarge as error:
        raise FileTooLarge(
            f"The file is larger than {settings.IMAGE_MAX_FILE_SIZE_MB} MB.",
            limit=most,
            actual=error.actual,
        ) from error


def _take_in(job: ImageImport, file: BinaryIO) -> None:
    """Check and store the fetched file. Raises the errors of a refused upload, and `LeaseLost`."""
    checked = file_check.check(job.owner_id, file)
    with storing(checked, image_id=job.image_id) as stored:
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

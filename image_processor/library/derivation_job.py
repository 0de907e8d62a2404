"""The job type of derivations: render, store and publish what is derived from a picture."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts.locks import AccountGone, share_owner
from image_processor import configured_limits
from image_processor.engine import Deadline
from image_processor.engine.derived import Derived, derive, is_thumbnail
from image_processor.jobs import transitions
from image_processor.jobs.connection import check_connection
from image_processor.jobs.database_retry import retry_on_database_error
from image_processor.jobs.job_type import JobType
from image_processor.jobs.lease import Lease, LeaseLost
from image_processor.jobs.model import Status
from image_processor.jobs.queues import DERIVE, QUEUES
from image_processor.library import (
    derivation_requests,
    derived_objects,
    stored_objects,
    unreadable_images,
)
from image_processor.library.stored_objects import NewObject
from image_processor.models import Derivation, StoredObject
from image_processor.storage import object_storage


class PictureGone(Exception):
    """The picture was deleted while its derivation ran, and the derivation with it."""


class DerivationJobType(JobType[Derivation]):
    """Derivations: thumbnail, proxy, colours and ThumbHash of a stored picture.

    If the file of an upload cannot be decoded, its images are `failed`. Other failures are not
    reported to the owner, because the picture is usable without thumbnail, proxy and colours.
    """

    model = Derivation
    queues = (DERIVE,)
    gone = (PictureGone, AccountGone)
    kept = timedelta(days=7)

    def run(self, job: Derivation, lease: Lease) -> None:
        deadline = Deadline.after(QUEUES[job.queue].deadline)
        stored = StoredObject.objects.filter(pk=job.stored_object_id).first()
        if stored is None:
            raise PictureGone
        facts = derivation_requests.facts_of(stored)
        made = derive(
            object_storage().get(stored.key),
            facts,
            configured_limits.limits(),
            proxy=settings.IMAGE_PROXY and not derivation_requests.is_result(stored),
            checkpoint=lease.checkpoint,
            deadline=deadline,
        )
        new = _new_objects(job, stored, made, thumbnail=not is_thumbnail(facts))
        check_connection()  # rendering may have taken longer than the connection lived
        try:
            stored_objects.write_all(list(new.values()))
            _publish(job, made, new)
        except (LeaseLost, PictureGone, AccountGone):
            stored_objects.abandon(*(each.key for each in new.values()))
            raise

    def lock(self, job: Derivation) -> None:
        share_owner(job.owner_id)
        unreadable_images.lock(job.stored_object_id)

    def after_ending(self, job: Derivation, error: Exception | None) -> None:
        if job.status == Status.FAILED and unreadable_images.means_unreadable(error):
            unreadable_images.fail_images(job.stored_object_id, job.error_code, job.error_message)

    def collect(self) -> None:
        derivation_requests.write_missing_jobs()


def _new_objects(
    job: Derivation, stored: StoredObject, made: Derived, *, thumbnail: bool
) -> dict[str, NewObject]:
    """Describe the objects to write, by kind."""
    assert job.lease_token is not None
    files = {"thumbnail": made.thumbnail if thumbnail else None, "proxy": made.proxy}
    return {
        kind: derived_objects.describe(
            kind, file, of=stored.fingerprint, owner_id=stored.owner_id, lease_token=job.lease_token
        )
        for kind, file in files.items()
        if file is not None
    }


@retry_on_database_error
def _publish(job: Derivation, made: Derived, new: dict[str, NewObject]) -> None:
    """Write the objects, the picture that they belong to and the job's end in one transaction."""
    with transaction.atomic():
        share_owner(job.owner_id)
        stored = StoredObject.objects.select_for_update().filter(pk=job.stored_object_id).first()
        if stored is None:
            raise PictureGone
        if not transitions.finish(job):
            raise LeaseLost
        adopted = {kind: each.adopt() for kind, each in new.items()}
        StoredObject.objects.filter(pk=stored.pk).update(
            **adopted,
            appearance={"dominant_colors": made.colours, "thumbhash": made.thumbhash},
        )

"""The job type of derivations: render, store and publish what is derived from a picture."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.locks import AccountGone, share_owner
from image_processor import configured_limits
from image_processor.engine import Deadline, Rendered, content_type, extension
from image_processor.engine.derived import Derived, derive, is_thumbnail
from image_processor.jobs import transitions
from image_processor.jobs.connection import close_idle_connection
from image_processor.jobs.database_retry import retry_on_database_error
from image_processor.jobs.job_type import JobType
from image_processor.jobs.lease import Lease, LeaseLost
from image_processor.jobs.model import Status
from image_processor.jobs.queues import DERIVE, QUEUES
from image_processor.library import (
    derivation_requests,
    object_keys,
    stored_objects,
    unreadable_images,
)
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
        written: dict[str, dict[str, Any]] = {}
        try:
            if not is_thumbnail(facts):
                written["thumbnail"] = _write_file(job, stored, "thumbnail", made.thumbnail)
            if made.proxy is not None:
                written["proxy"] = _write_file(job, stored, "proxy", made.proxy)
            close_idle_connection()  # rendering may have taken longer than the connection lived
            _publish(job, made, written)
        except (LeaseLost, PictureGone, AccountGone):
            for fields in written.values():
                stored_objects.abandon(fields["key"])
            raise

    def lock(self, job: Derivation) -> None:
        share_owner(job.owner_id)
        unreadable_images.lock(job.stored_object_id)

    def after_ending(self, job: Derivation, error: Exception | None) -> None:
        if job.status == Status.FAILED and unreadable_images.means_unreadable(error):
            unreadable_images.fail_images(job.stored_object_id, job.error_code, job.error_message)

    def collect(self) -> None:
        derivation_requests.write_missing_jobs()


def _write_file(job: Derivation, stored: StoredObject, kind: str, made: Rendered) -> dict[str, Any]:
    """Write the file of a derived picture; return the fields of its `StoredObject`."""
    assert job.lease_token is not None
    fingerprint = object_keys.derived_fingerprint(stored.fingerprint, kind)
    key = object_keys.derived_key(fingerprint, job.lease_token, extension(made.format))
    stored_objects.write(key, made.data, content_type(made.format))
    return {
        "fingerprint": fingerprint,
        "key": key,
        "owner_id": stored.owner_id,
        "derived": True,
        "size_bytes": len(made.data),
        "content_type": content_type(made.format),
        "metadata": {
            "format": made.format,
            "width": made.width,
            "height": made.height,
            "mode": made.mode,
            "has_alpha": made.has_alpha,
            "size_bytes": len(made.data),
            "sha256": hashlib.sha256(made.data).hexdigest(),
        },
    }


@retry_on_database_error
def _publish(job: Derivation, made: Derived, written: dict[str, dict[str, Any]]) -> None:
    """Write the objects, the picture that they belong to and the job's end in one transaction."""
    with transaction.atomic():
        share_owner(job.owner_id)
        stored = StoredObject.objects.select_for_update().filter(pk=job.stored_object_id).first()
        if stored is None:
            raise PictureGone
        if not transitions.finish(job):
            raise LeaseLost
        named = {kind: stored_objects.adopt(**fields) for kind, fields in written.items()}
        StoredObject.objects.filter(pk=stored.pk).update(
            **named,
            appearance={"dominant_colors": made.colours, "thumbhash": made.thumbhash},
        )

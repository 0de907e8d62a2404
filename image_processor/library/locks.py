"""Locks, and their one order.

1. owner
2. e-mail address; source image; webhook
3. direct upload, task, import
4. stored object
5. derivation
6. usage
7. share of a queue (`jobs.fair_order`)
8. delivery
9. names of results (`result_names`)
10. batch

Rows of one kind are locked in the order of their ids. `tests/library/test_lock_order.py` runs every
function that locks and holds it to this order. A lock that is not waited for (SKIP LOCKED) may be
taken at any time.

The check of a foreign key also locks the row that it leads to. A transaction that writes rows which
refer to an account or an image therefore takes that lock itself, first, and as weakly as the
foreign key does. Otherwise it and a deletion could deadlock.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.db import connection

from accounts.locks import require_transaction, share_owner
from utils.errors import DomainError


class ImageGone(DomainError):
    code = "not_found"
    status = 404
    title = "Image not found"


# `deleted_at` is a column of the locked row, so PostgreSQL compares it again after a wait. A
# subquery would still see the rows of before the wait.
_IMAGES = """
SELECT id FROM image_processor_sourceimage
WHERE id = ANY(%s) AND owner_id = %s AND deleted_at IS NULL ORDER BY id FOR KEY SHARE
"""
_IMAGE_OF_OWNER = """
WITH owner AS MATERIALIZED (
    SELECT id FROM {users} WHERE id = %s AND deleted_at IS NULL FOR KEY SHARE
)
SELECT id FROM image_processor_sourceimage
WHERE id = %s AND owner_id = (SELECT id FROM owner) AND deleted_at IS NULL FOR \
"""
_IMAGE = _IMAGE_OF_OWNER + "KEY SHARE"
_IMAGE_EXCLUSIVE = _IMAGE_OF_OWNER + "NO KEY UPDATE"


def share_images(image_ids: Iterable[int], owner_id: int) -> set[int]:
    """Keep an account and some of its images from being deleted until this transaction ends.

    Returns the ids of the images that exist. Raises `AccountGone`. Two queries.
    """
    share_owner(owner_id)
    with connection.cursor() as cursor:
        cursor.execute(_IMAGES, (sorted(set(image_ids)), owner_id))
        return {pk for (pk,) in cursor.fetchall()}


def share_image(image_id: int, owner_id: int) -> None:
    """Keep an account and one of its images from being deleted until this transaction ends.

    Raises `ImageGone` when either is deleted.
    """
    if not _locked(_IMAGE, owner_id, image_id):
        raise ImageGone("The image was deleted.")


def lock_image(image_id: int, owner_id: int) -> None:
    """Keep other transactions from changing an image; they may still write tasks of it.

    Raises `ImageGone` when the account or the image is deleted.
    """
    if not _locked(_IMAGE_EXCLUSIVE, owner_id, image_id):
        raise ImageGone("The image was deleted.")


def _locked(statement: str, *ids: int) -> bool:
    require_transaction()
    with connection.cursor() as cursor:
        users = get_user_model()._meta.db_table
        cursor.execute(statement.format(users=users), ids)
        return cursor.fetchone() is not None

"""One order of locks for everyone: owner, source image, stored object, usage, task, batch.

Foreign keys are checked at the end of a transaction, and lock what they refer to only then. Who
deletes an account or an image locks it first; who writes below it therefore takes the same locks
first, in the weak form that a foreign key takes, so that nobody waits in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.db import connection

from accounts.locks import share_owner
from utils.errors import DomainError


class ImageGone(DomainError):
    code = "not_found"
    status = 404
    title = "There is no such image"


_IMAGES = """
SELECT id FROM image_processor_sourceimage
WHERE id = ANY(%s) AND owner_id = %s ORDER BY id FOR KEY SHARE
"""
_IMAGE_OF_OWNER = """
WITH owner AS MATERIALIZED (SELECT id FROM {users} WHERE id = %s FOR KEY SHARE)
SELECT id FROM image_processor_sourceimage
WHERE id = %s AND owner_id = (SELECT id FROM owner) FOR \
"""
_IMAGE = _IMAGE_OF_OWNER + "KEY SHARE"
_IMAGE_ALONE = _IMAGE_OF_OWNER + "NO KEY UPDATE"


def share_images(image_ids: Iterable[int], owner_id: int) -> set[int]:
    """Keep an account and images of it from being deleted until this transaction ends.

    Those that are still there; raises `AccountGone`. Two queries.
    """
    share_owner(owner_id)
    with connection.cursor() as cursor:
        cursor.execute(_IMAGES, (sorted(set(image_ids)), owner_id))
        return {pk for (pk,) in cursor.fetchall()}


def share_image(image_id: int, owner_id: int) -> None:
    """Keep an account and an image of it from being deleted until this transaction ends.

    Raises `ImageGone` when either has gone.
    """
    if not _locked(_IMAGE, owner_id, image_id):
        raise ImageGone("The image was deleted.")


def lock_image(image_id: int, owner_id: int) -> None:
    """Keep an image of an account as it is, but for this transaction; tasks may refer to it.

    Raises `ImageGone` when either has gone.
    """
    if not _locked(_IMAGE_ALONE, owner_id, image_id):
        raise ImageGone("The image was deleted.")


def _locked(statement: str, *ids: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(users=get_user_model()._meta.db_table), ids)
        return cursor.fetchone() is not None

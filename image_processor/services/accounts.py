"""Forgetting a person."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import OperationalError, transaction

from image_processor.models import StoredObject
from image_processor.services import objects

TRIES = 3


def forget_user(user: AbstractBaseUser) -> None:
    """Delete an account with every row of it; its objects are removed soon after.

    A worker that finishes a task of theirs at this moment holds rows in another order than a
    deletion does, so PostgreSQL may end either for a deadlock; the deletion is then tried again.
    """
    for left in reversed(range(TRIES)):
        try:
            _forget(user)
            return
        except OperationalError:
            if not left:
                raise


def _forget(user: AbstractBaseUser) -> None:
    with transaction.atomic():
        locked = get_user_model().objects.select_for_update().filter(pk=user.pk).first()
        if locked is None:
            return
        objects.disown(StoredObject.objects.filter(owner_id=user.pk).iterator())
        locked.delete()

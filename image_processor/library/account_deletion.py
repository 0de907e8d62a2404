"""Deletion of an account."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from image_processor.library import stored_objects
from image_processor.models import SourceImage, StoredObject
from utils import audit


def forget_user(user: AbstractBaseUser) -> None:
    """Delete an account with all its rows; its objects are removed soon after.

    Waits for transactions that write rows of the account, and blocks new ones.
    """
    with transaction.atomic():
        locked = get_user_model().objects.select_for_update().filter(pk=user.pk).first()
        if locked is None:
            return
        # The deletion of an image locks the image, then its objects, but not the owner. So lock the
        # images before the objects here, too.
        list(SourceImage.objects.filter(owner_id=user.pk).select_for_update().values_list("pk"))
        stored_objects.disown(StoredObject.objects.filter(owner_id=user.pk).iterator())
        audit.record_on_commit("account_deleted", user_id=locked.pk)
        locked.delete()

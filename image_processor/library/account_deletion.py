"""Forgetting a person."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from image_processor.library import objects
from image_processor.models import SourceImage, StoredObject
from utils import audit


def forget_user(user: AbstractBaseUser) -> None:
    """Delete an account with every row of it; its objects are removed soon after.

    Waits for what is being written for the account at this moment, and lets nothing more in.
    """
    with transaction.atomic():
        locked = get_user_model().objects.select_for_update().filter(pk=user.pk).first()
        if locked is None:
            return
        # Who deletes one of its images holds that alone, and may want what goes below.
        list(SourceImage.objects.filter(owner_id=user.pk).select_for_update().values_list("pk"))
        objects.disown(StoredObject.objects.filter(owner_id=user.pk).iterator())
        audit.record_on_commit("account_deleted", user_id=locked.pk)
        locked.delete()

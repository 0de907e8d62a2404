"""Deletion of an account: it ends at once, and its rows are removed in the background."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from accounts.lifecycle import ending
from image_processor.library.deletion import requests
from utils import audit


def forget_user(user: AbstractBaseUser) -> None:
    """End an account; a worker removes its rows, and its objects soon after.

    When this returns, nobody can sign in, use a key or open a link of the local storage. A link to
    S3 works until its object is removed, or it expires after `LINK_LIFETIME_SECONDS`, for a
    thumbnail `THUMBNAIL_LINK_LIFETIME_SECONDS`. A few short queries, however much the account has.
    """
    with transaction.atomic():
        if ending.end(user.pk):
            requests.delete_account_rows(user.pk)
            audit.record_on_commit("account_deleted", user_id=user.pk)

"""Removal of the rows of an ended account, a chunk in each transaction.

The rows are found through the foreign keys to the user, in every app. So a new model needs no
entry here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.contrib.auth import get_user_model
from django.db import models, transaction

from accounts.lifecycle import ending
from image_processor.library import stored_objects
from image_processor.library.accounting import task_counts
from image_processor.models import Deletion, FairShare, StoredObject

CHUNK = 500

Owned = tuple[type[models.Model], str]


def remove(owner_id: int) -> Iterator[int]:
    """Remove all rows of an ended account and then the account; yield after each transaction.

    Transactions that shared the account before its end may still write rows. The last transaction
    waits for them, and removes what they wrote.
    """
    ending.release_name(owner_id)
    for model, field in owned_models():
        while removed := _remove_chunk(model, field, owner_id):
            yield removed
    with transaction.atomic():
        user = get_user_model().objects.select_for_update().filter(pk=owner_id).first()
        if user is not None:
            stored_objects.disown(StoredObject.objects.filter(owner_id=owner_id))
            user.delete()
            task_counts.forget_owner(owner_id)


@cache
def owned_models() -> list[Owned]:
    """The models whose rows belong to a user, with the field that names the user.

    A model comes before the models that its foreign keys lead to. The few rows that the deletion
    itself writes in each turn are left out: they go with the account.
    """
    relations = get_user_model()._meta.get_fields(include_hidden=True)
    owned: dict[type[models.Model], str] = {
        relation.related_model: relation.field.name
        for relation in relations
        if isinstance(relation, models.ManyToOneRel)
        and relation.on_delete is models.CASCADE
        and relation.related_model not in (Deletion, FairShare)
    }
    ordered: list[Owned] = []
    while owned:
        free = [model for model in owned if not _is_named_by(model, owned)]
        assert free, f"The foreign keys of these models form a circle: {list(owned)}"
        ordered += [(model, owned.pop(model)) for model in free]
    return ordered


def _is_named_by(model: type[models.Model], others: dict[type[models.Model], str]) -> bool:
    return any(
        field.related_model is model
        for other in others
        if other is not model
        for field in other._meta.concrete_fields
    )


def _remove_chunk(model: type[models.Model], field: str, owner_id: int) -> int:
    manager = model._base_manager
    with transaction.atomic():
        some = manager.filter(**{field: owner_id}).values("pk")[:CHUNK]
        rows = manager.filter(pk__in=some).order_by("pk").select_for_update()
        ids = list(rows.values_list("pk", flat=True))
        if model is StoredObject:
            stored_objects.disown(StoredObject.objects.filter(pk__in=ids))
        manager.filter(pk__in=ids).delete()
    return len(ids)

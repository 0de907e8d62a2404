"""Filters of the list of tasks."""

from __future__ import annotations

import django_filters

from api.lists.filter_set import OwnedFilterSet
from api.lists.value_filters import MAX_IDS, IdFilter, IdsFilter, TimeFilter, WordField
from image_processor.jobs.model import Status


class _StatusFilter(django_filters.ChoiceFilter):
    field_class = WordField


class TaskListFilterSet(OwnedFilterSet):
    """`GET tasks/`."""

    in_order = ("original_image", "status")
    few = ("ids", "batch")

    status = _StatusFilter(choices=Status.choices)
    original_image = IdFilter(field_name="original_image_id")
    batch = IdFilter(field_name="batch_id")
    created_after = TimeFilter("created_at", lookup_expr="gte")
    created_before = TimeFilter("created_at", lookup_expr="lt")
    ids = IdsFilter(
        label=f"Ids like 1,2,3; at most {MAX_IDS}, on one page. Unknown ids are left out. For "
        "polling: the answer has an ETag, and is 304 while nothing has changed."
    )

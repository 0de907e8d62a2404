"""Which tasks: in the query of `tasks/`."""

from __future__ import annotations

import django_filters

from api.lists.filters import OwnedFilterSet
from api.lists.query_values import MOST_IDS, ChoiceOf, IdFilter, IdsFilter, TimeFilter
from image_processor.jobs.model import Status


class _StatusFilter(django_filters.ChoiceFilter):
    field_class = ChoiceOf


class TaskFilter(OwnedFilterSet):
    """`?status=`, `?original_image=`, `?batch=`, when they were made, and `?ids=`."""

    in_order = ("original_image", "status")
    few = ("ids", "batch")

    status = _StatusFilter(choices=Status.choices)
    original_image = IdFilter(field_name="original_image_id")
    batch = IdFilter(field_name="batch_id")
    created_after = TimeFilter("created_at", lookup_expr="gte")
    created_before = TimeFilter("created_at", lookup_expr="lt")
    ids = IdsFilter(
        label=f"Like 1,2,3; at most {MOST_IDS}, on one page. Ids that are none of yours are "
        "left out. For polling: the answer has an ETag, and is 304 while nothing has changed."
    )

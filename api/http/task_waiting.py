"""Hold a response open until a task has ended."""

from __future__ import annotations

from django.conf import settings
from rest_framework.request import Request

from api.http.disconnection import wait_slices
from image_processor.jobs.waiting import Waiter
from image_processor.models import TransformationTask
from utils.slots import Slots

# All routes share this object, and so its slots.
_waiter = Waiter(
    TransformationTask,
    Slots(settings.MAX_WAITING_REQUESTS, per_owner=settings.MAX_WAITING_REQUESTS_OF_ONE_USER),
)


def wait_for_end(task: TransformationTask, seconds: int, request: Request) -> bool:
    """Wait until the task has ended, the seconds have passed or the client may have gone.

    Returns whether the task may have changed. Returns False at once when there is nothing to wait
    for, or when too many requests wait already, of all users or of this one.
    """
    if not seconds or task.is_finished:
        return False
    with _waiter.awaiting(task) as ended:
        if ended is None:
            return False
        for slice_seconds in wait_slices(request, seconds):
            if ended.wait(slice_seconds):
                break
    return True

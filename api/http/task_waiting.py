"""Hold an answer until a task has ended."""

from __future__ import annotations

from rest_framework.request import Request

from api.http.disconnection import is_gone
from image_processor.jobs.waiting import Waiter
from image_processor.models import TransformationTask

_waiter = Waiter(TransformationTask)


def wait_for_end(task: TransformationTask, seconds: int, request: Request) -> bool:
    """Wait until the task has ended, the seconds have passed, or the client has disconnected.

    Returns False at once if there is nothing to wait for, or if too many requests wait already:
    then the task need not be read again.
    """
    if not seconds or task.is_finished:
        return False
    return _waiter.wait(task.pk, seconds, is_gone=lambda: is_gone(request))

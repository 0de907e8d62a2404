"""Deleting a task while its worker publishes."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs.claim import claim
from image_processor.models import (
    StoredObject,
    TransformationTask,
    TransformedImage,
    UnclaimedObject,
)
from image_processor.services import objects, tasks
from image_processor.services import run as run_service
from image_processor.services.run import run
from tests.builders import rows


def test_a_task_deleted_while_its_result_is_published_leaves_no_orphan(
    transactional_db: None, make_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deletion begins when the result is written and not yet committed."""
    task = rows.task(rows.image(make_user()))
    job = claim(TransformationTask, "light", release=ENGINE_RELEASE)
    assert job is not None
    deletion = threading.Thread(target=lambda: (tasks.delete(task), connection.close()))
    record = run_service.events.record

    def begin_the_deletion(*args: Any, **kwargs: Any) -> None:
        record(*args, **kwargs)
        deletion.start()
        deletion.join(0.3)  # time to reach the lock; without one it would be through by then

    monkeypatch.setattr(run_service.events, "record", begin_the_deletion)
    run(job)
    deletion.join()

    assert not TransformationTask.objects.exists()
    assert not TransformedImage.objects.exists()
    assert StoredObject.objects.count() == 1  # the source's
    assert UnclaimedObject.objects.count() == 1
    assert objects.sweep() == 1

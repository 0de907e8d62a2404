"""The kinds of durable work that this app does: which rows, in which queues, by which function.

Whatever concerns every kind (claiming, waking, ending what is lost) goes by this table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from image_processor.ingest import fetching
from image_processor.jobs import transitions
from image_processor.jobs.model import Job
from image_processor.jobs.queues import DERIVE, HEAVY, IMPORT, LIGHT
from image_processor.library import derivations, derive
from image_processor.models import Derivation, ImageImport, TransformationTask
from image_processor.transform import run
from image_processor.transform.lost import fail_lost_task


@dataclass(frozen=True)
class Kind:
    """One kind of job. `run` carries out a claimed one, `fail_lost` ends one of
    `transitions.lost`, if it still is, and says whether it did. `collect` writes the jobs that
    somebody has only said are needed."""

    model: type[Job]
    queues: tuple[str, ...]
    run: Callable[[Any], None]
    fail_lost: Callable[[Any], bool]
    collect: Callable[[], object] = lambda: None


TASKS = Kind(TransformationTask, (LIGHT.name, HEAVY.name), run.run, fail_lost_task)
DERIVATIONS = Kind(
    Derivation,
    (DERIVE.name,),
    derive.run,
    transitions.fail_lost,
    collect=derivations.ask_for_missing,
)
IMPORTS = Kind(ImageImport, (IMPORT.name,), fetching.run, fetching.fail_lost)
KINDS = (TASKS, DERIVATIONS, IMPORTS)


def kind_of(queue: str) -> Kind | None:
    """The kind of work that waits in a queue; None where no rows do."""
    return next((kind for kind in KINDS if queue in kind.queues), None)

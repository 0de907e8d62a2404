"""No operation and no format takes more memory than it declares."""

import sys

import pytest

from image_processor.engine.formats import OUTPUT_FORMATS
from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.base import OutputOperation
from tests.engine.memory_probe import MODES, SLACK, rows


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_no_operation_takes_more_memory_than_it_declares() -> None:
    found = rows()
    measured = {(row[0].split(" {")[0], row[1]) for row in found}
    steps = [kind.name for kind in OPERATIONS if not issubclass(kind, OutputOperation)]
    for name in (*steps, *(f"write {name}" for name in OUTPUT_FORMATS)):
        assert {(name, mode) for mode in MODES} <= measured
    # The heap of one process differs by a few megabytes from another's: what declares too little
    # does so again.
    if too_little(found):
        assert too_little(found) & too_little(rows()) == set()


def too_little(found: list[tuple[str, str, int, int]]) -> set[tuple[str, str]]:
    """What took more than it declares, and in which mode."""
    return {(what, mode) for what, mode, measured, declared in found if measured > declared + SLACK}

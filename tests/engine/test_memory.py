"""No operation and no format takes more memory than it declares."""

import sys

import pytest

from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.capabilities import OutputOperation
from image_processor.engine.writing.output_formats import OUTPUT_FORMATS
from tests.builders.optional_formats import NAMES
from tests.engine.memory_probe import DEAREST_MODES, MODES, PARTS, SLACK, Row, rows

OPTIONAL = tuple(f"write {name}" for name in NAMES)

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.long)])
@pytest.mark.parametrize("part", PARTS)
def test_nothing_takes_more_memory_than_it_declares(part: str, every: bool) -> None:
    found = rows(part, every=every)
    measured = {(row[0].split(" {")[0], row[1]) for row in found}
    assert expected(part, MODES if every else DEAREST_MODES) <= measured
    # The heap of one process differs by a few megabytes from another's: what declares too little
    # does so again.
    if too_little(found):
        assert too_little(found) & too_little(rows(part, every=every)) == set()


@pytest.mark.long
@pytest.mark.formats
def test_no_optional_format_takes_more_memory_than_it_declares() -> None:
    found = [row for row in rows("encoders", every=False) if row[0].startswith(OPTIONAL)]
    assert len(found) == 6  # HEIC, JXL and lossless JXL, without and with alpha
    assert too_little(found) == set()


def expected(part: str, modes: tuple[str, ...]) -> set[tuple[str, str]]:
    """The names and modes that a part has to measure."""
    if part == "operations":
        steps = [kind for kind in OPERATIONS if not issubclass(kind, OutputOperation)]
        return {(kind.name, mode) for kind in steps for mode in modes}
    if part == "encoders":
        return {(f"write {name}", mode) for name in OUTPUT_FORMATS for mode in modes}
    if part == "animations":
        return {(f"animation {name}", "RGBA") for name in ("png", "gif", "webp")}
    return set()


def too_little(found: list[Row]) -> set[tuple[str, str]]:
    """The names and modes of rows that took more memory than they declare."""
    return {(what, mode) for what, mode, measured, declared in found if measured > declared + SLACK}

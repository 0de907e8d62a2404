"""Every operation looks like its golden picture, which somebody has looked at."""

import pytest

from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.capabilities import OutputOperation
from tests.engine import golden_cases
from tests.engine.builders import opened
from tests.engine.similarity import similarity


@pytest.mark.parametrize("name", golden_cases.CASES)
def test_the_result_looks_like_its_golden_picture(name: str) -> None:
    golden = opened((golden_cases.FOLDER / f"{name}.png").read_bytes())
    assert similarity(opened(golden_cases.result(name)), golden) > 0.98


def test_every_operation_that_changes_pixels_has_a_golden_picture() -> None:
    shown = {step["operation"] for _, steps in golden_cases.CASES.values() for step in steps}
    wanted = {kind.name for kind in OPERATIONS if not issubclass(kind, OutputOperation)}
    assert shown == wanted


def test_no_golden_picture_is_left_over() -> None:
    assert {path.stem for path in golden_cases.FOLDER.glob("*.png")} == set(golden_cases.CASES)


def test_the_similarity_distinguishes_different_pictures() -> None:
    cat = opened(golden_cases.source("cat"))
    blurred = opened(golden_cases.result("filter-smooth"))
    assert similarity(cat, cat) == pytest.approx(1.0)
    assert similarity(cat, blurred) < 0.98
    assert similarity(cat, opened(golden_cases.result("mirror"))) < 0.6

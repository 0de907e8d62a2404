"""The operation of CONTRIBUTING.md works as printed: one class, everything else derived."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image
from pydantic import ValidationError

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Operation
from tests.project.documents import marked_code


@pytest.fixture
def threshold() -> type[Operation]:
    """The class of the example."""
    names: dict[str, Any] = {"__name__": "example"}
    exec(marked_code("CONTRIBUTING.md", "operation-example"), names)  # noqa: S102
    operation: type[Operation] = names["Threshold"]
    return operation


def test_it_takes_its_own_example_and_its_defaults(threshold: type[Operation]) -> None:
    assert threshold.model_validate(threshold.example).canonical() == {"level": 100}
    assert threshold.model_validate({}).canonical() == {"level": 128}


@pytest.mark.parametrize("params", [{"level": 0}, {"level": 256}, {"level": 2.5}, {"levels": 4}])
def test_it_refuses_what_it_did_not_declare(
    threshold: type[Operation], params: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        threshold.model_validate(params)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_it_gives_the_planned_frame(threshold: type[Operation], mode: str) -> None:
    step = threshold.model_validate({"level": 77})
    image = Image.linear_gradient("L").resize((16, 8)).convert(mode)
    result = step.apply(image)
    assert Frame.of(result) == step.plan(Frame.of(image))
    assert set(result.getchannel(0).get_flattened_data()) == {0, 255}


def test_its_schema_says_unit_range_and_default(threshold: type[Operation]) -> None:
    level = threshold.model_json_schema()["properties"]["level"]
    assert (level["minimum"], level["maximum"], level["default"]) == (1, 255, 128)
    assert level["description"] == "Darkest value that becomes 255."

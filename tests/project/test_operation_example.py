"""The operation of CONTRIBUTING.md works as printed: one class, everything else derived."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image
from pydantic import ValidationError

from image_processor.engine.operations.base import Frame, Operation
from tests.project.documents import marked_code


@pytest.fixture
def posterize() -> type[Operation]:
    """The class of the example."""
    names: dict[str, Any] = {"__name__": "example"}
    exec(marked_code("CONTRIBUTING.md", "operation-example"), names)  # noqa: S102
    operation: type[Operation] = names["Posterize"]
    return operation


def test_it_takes_its_own_example_and_its_defaults(posterize: type[Operation]) -> None:
    assert posterize.model_validate(posterize.example).canonical() == {"bits": 3}
    assert posterize.accepts_nothing()


@pytest.mark.parametrize("params", [{"bits": 0}, {"bits": 9}, {"bits": 2.5}, {"levels": 4}])
def test_it_refuses_what_it_did_not_declare(
    posterize: type[Operation], params: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        posterize.model_validate(params)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_it_gives_the_planned_frame(posterize: type[Operation], mode: str) -> None:
    step = posterize.model_validate({"bits": 1})
    image = Image.linear_gradient("L").resize((16, 8)).convert(mode)
    result = step.apply(image)
    assert Frame.of(result) == step.plan(Frame.of(image))
    assert set(result.getchannel(0).get_flattened_data()) == {0, 128}


def test_its_schema_says_unit_range_and_default(posterize: type[Operation]) -> None:
    bits = posterize.model_json_schema()["properties"]["bits"]
    assert (bits["minimum"], bits["maximum"], bits["default"]) == (1, 8, 4)
    assert bits["description"] == "Bits kept of each colour channel."

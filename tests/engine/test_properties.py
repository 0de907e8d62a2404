"""Any valid parameters on any small image give the planned image, or a domain error."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image_processor.engine import InvalidPipeline, Overlay, Pipeline, inspect, plan, render
from image_processor.engine.colour import to_working, working_mode
from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.base import Frame, Operation, OutputOperation
from image_processor.engine.operations.overlay import Watermark
from tests.engine import strategies
from tests.engine.builders import LIMITS, encoded, gradient, image_of, logo
from utils.errors import DomainError

T = TypeVar("T")

MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16")
SIDES = st.integers(1, 40)
QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def refusal_or(work: Callable[[], T]) -> T | DomainError:
    """What `work` gives, or the domain error that it raises."""
    try:
        return work()
    except DomainError as error:
        return error


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
@settings(QUIET, max_examples=60)
@given(data=st.data(), mode=st.sampled_from(MODES), width=SIDES, height=SIDES)
def test_each_operation_does_what_it_plans(
    operation: type[Operation], data: st.DataObject, mode: str, width: int, height: int
) -> None:
    step = operation.model_validate(data.draw(strategies.params_of(operation)))
    canonical = step.canonical()
    if isinstance(step, Watermark) and step.image_id is not None:
        step = step.with_overlay(Overlay.read(logo("LA" if width % 2 else "RGBA"), LIMITS))
    source = gradient(width, height, mode)
    image, _ = to_working(source, working_mode(mode, mode in ("LA", "RGBA")), None)
    before = image.tobytes()
    try:
        after = step.plan(Frame.of(image))
    except DomainError:
        return
    done = refusal_or(lambda: step.apply(image))
    if isinstance(done, DomainError):
        assert done.code == "no_face_found"
        return
    made = Frame.of(done)
    assert after.promises(made)
    assert made == after or not after.exact
    assert Frame.of(step.settled([image]).apply(image)) == made
    assert image.tobytes() == before
    again = operation.model_validate(json.loads(json.dumps(canonical)))
    assert again.canonical() == step.canonical() == canonical
    assert isinstance(step, OutputOperation) or step.peak(Frame.of(image), after) > 0


@settings(QUIET, max_examples=150)
@given(
    steps=strategies.steps(),
    mode=st.sampled_from(MODES),
    width=SIDES,
    height=SIDES,
    target=st.sampled_from([None, "jpeg", "png", "webp", "gif", "tiff"]),
    quality=st.integers(1, 100),
)
def test_any_pipeline_gives_the_planned_file(
    steps: list[dict[str, Any]],
    mode: str,
    width: int,
    height: int,
    target: str | None,
    quality: int,
) -> None:
    container = {"CMYK": "TIFF"}.get(mode, "PNG")
    source = encoded(gradient(width, height, mode), container)
    facts = inspect(source, LIMITS)
    pipeline = refusal_or(lambda: Pipeline.parse(steps, format=target, quality=quality))
    if isinstance(pipeline, DomainError):
        assert [problem.code for problem in pipeline.errors] == ["conflict"]
        return
    overlays = {strategies.IMAGE_ID: logo()}
    resolved = pipeline.with_overlays({n: Overlay.read(d, LIMITS) for n, d in overlays.items()})
    planned = refusal_or(lambda: plan(facts, resolved, LIMITS))
    if isinstance(planned, DomainError):
        assert planned.status == 422
        return
    result = refusal_or(lambda: render(source, facts, pipeline, LIMITS, overlays=overlays))
    if isinstance(result, DomainError):
        assert result.code == "no_face_found" or not planned.exact
        assert result.status == 422
        return
    image = image_of(result)
    assert image.size == (planned.width, planned.height) or not planned.exact
    assert result.format == planned.format
    stored = Pipeline.from_canonical(json.loads(json.dumps(pipeline.canonical())))
    assert render(source, facts, stored, LIMITS, overlays=overlays).data == result.data


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
NAMES = st.sampled_from([operation.name for operation in OPERATIONS])
FIELDS = sorted({field for operation in OPERATIONS for field in operation.model_fields})
NEARLY = st.fixed_dictionaries(
    {},
    optional={"operation": NAMES | JSON, "params": st.dictionaries(st.sampled_from(FIELDS), JSON)},
)


@settings(QUIET, max_examples=300)
@given(transformations=JSON | st.lists(NEARLY | JSON, max_size=5))
def test_anything_else_is_refused_in_plain_words(transformations: object) -> None:
    refusal = refusal_or(lambda: Pipeline.parse(transformations))
    if isinstance(refusal, InvalidPipeline):
        assert refusal.errors
        for problem in refusal.errors:
            assert problem.pointer.startswith("/transformations")
            text = json.dumps(problem.to_dict(), allow_nan=False, ensure_ascii=False)
            assert "\0" not in text
            text.encode("utf-8")

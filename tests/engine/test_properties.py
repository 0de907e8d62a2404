"""Any valid parameters on any small image give the planned image, or a domain error."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image_processor.engine import InvalidPipeline, Overlay, Pipeline
from image_processor.engine.frame import Frame
from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.base import Operation
from image_processor.engine.operations.capabilities import ContentDependent, OutputOperation
from image_processor.engine.operations.overlay.watermark import Watermark
from image_processor.engine.reading.colour.space import Declaration
from image_processor.engine.reading.working_mode import to_working, working_mode
from tests.engine import strategies, trials
from tests.engine.builders import LIMITS, gradient, logo
from tests.engine.trials import MODES, SIDES, refusal_or
from utils.errors import DomainError

QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def examples(quick: int, long: int) -> pytest.MarkDecorator:
    """How many examples a test tries: few in the quick run, many in the long one."""
    return pytest.mark.parametrize("count", [quick, pytest.param(long, marks=pytest.mark.long)])


@examples(10, 200)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_each_operation_does_what_it_plans(operation: type[Operation], count: int) -> None:
    @settings(QUIET, max_examples=count)
    @given(data=st.data(), mode=st.sampled_from(MODES), width=SIDES, height=SIDES)
    def attempt(data: st.DataObject, mode: str, width: int, height: int) -> None:
        check_operation(operation, data, mode, width, height)

    attempt()


def check_operation(
    operation: type[Operation], data: st.DataObject, mode: str, width: int, height: int
) -> None:
    """The picture that is made is the planned one, and what was given is not changed."""
    step = operation.model_validate(data.draw(strategies.params_of(operation)))
    canonical = step.canonical()
    if isinstance(step, Watermark) and step.image_id is not None:
        step = step.with_overlay(Overlay.read(logo("LA" if width % 2 else "RGBA"), LIMITS))
    source = gradient(width, height, mode)
    image, _ = to_working(source, working_mode(mode, mode in ("LA", "RGBA")), None, Declaration())
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
    assert after.allows(made)
    assert made == after or not after.exact
    if isinstance(step, ContentDependent):
        assert Frame.of(step.resolve([image]).apply(image)) == made
    assert image.tobytes() == before
    again = operation.model_validate(json.loads(json.dumps(canonical)))
    assert again.canonical() == step.canonical() == canonical
    assert isinstance(step, OutputOperation) or step.peak(Frame.of(image), after) > 0


@examples(40, 1000)
def test_any_pipeline_gives_the_planned_file(count: int) -> None:
    @settings(QUIET, max_examples=count)
    @given(trial=trials.trials())
    def attempt(trial: trials.Trial) -> None:
        ends.add(trials.outcome(trial))

    ends: set[str] = set()
    attempt()
    assert "rendered" in ends


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


@examples(40, 1000)
def test_invalid_parameters_are_refused_in_plain_words(count: int) -> None:
    @settings(QUIET, max_examples=count)
    @given(transformations=JSON | st.lists(NEARLY | JSON, max_size=5))
    def attempt(transformations: object) -> None:
        check_refusal(transformations)

    attempt()


def check_refusal(transformations: object) -> None:
    """A refusal names the place of each problem, in text that JSON and UTF-8 can hold."""
    refusal = refusal_or(lambda: Pipeline.parse(transformations))
    if isinstance(refusal, InvalidPipeline):
        assert refusal.errors
        for problem in refusal.errors:
            assert problem.pointer.startswith("/transformations")
            text = json.dumps(problem.to_dict(), allow_nan=False, ensure_ascii=False)
            assert "\0" not in text
            text.encode("utf-8")
    else:
        assert isinstance(refusal, Pipeline)

"""Random pipelines on random small files, and the allowed outcome of each."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeVar

from hypothesis import strategies as st
from PIL import Image

from image_processor.engine import Overlay, Pipeline, inspect, plan, render
from image_processor.engine.writing.output_formats import OUTPUT_FORMATS
from tests.engine import strategies
from tests.engine.builders import LIMITS, animation, encoded, gradient, image_of, logo
from utils.errors import DomainError

T = TypeVar("T")

MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16")
SIDES = st.integers(1, 40)
# Each mode in the formats that hold it. The last ones are animations.
SOURCES = (
    *((mode, "PNG") for mode in MODES if mode != "CMYK"),
    *((mode, "TIFF") for mode in MODES),
    *((mode, "JPEG") for mode in ("L", "RGB", "CMYK")),
    *((mode, "WEBP") for mode in ("RGB", "RGBA")),
    *(("moving", name) for name in ("GIF", "PNG", "WEBP")),
)
ORIENTATION = 0x0112
TARGETS = (None, *(name.lower() for name in OUTPUT_FORMATS))
_OVERLAYS = {strategies.IMAGE_ID: logo()}


@dataclass(frozen=True)
class Trial:
    """A pipeline and the file that it is tried on."""

    steps: list[dict[str, Any]]
    source: tuple[str, str]
    width: int
    height: int
    orientation: int
    target: str | None
    quality: int | Literal["auto"]
    lossless: bool


def trials(sides: st.SearchStrategy[int] = SIDES) -> st.SearchStrategy[Trial]:
    """Any short pipeline on any kind of file, whose sides are taken from `sides`."""
    return st.builds(
        Trial,
        steps=strategies.steps(),
        source=st.sampled_from(SOURCES),
        width=sides,
        height=sides,
        orientation=st.integers(1, 8),
        target=st.sampled_from(TARGETS),
        quality=st.one_of(*[st.integers(1, 100)] * 7, st.just("auto")),
        lossless=st.integers(0, 9).map(lambda drawn: drawn == 9),
    )


def refusal_or(work: Callable[[], T]) -> T | DomainError:
    """What `work` gives, or the domain error that it raises."""
    try:
        return work()
    except DomainError as error:
        return error


def outcome(trial: Trial) -> str:
    """`rendered`, or the code of the refusal, after checking that it is what was planned."""
    source = _file(trial.source, trial.width, trial.height, trial.orientation)
    facts = inspect(source, LIMITS)
    pipeline = refusal_or(
        lambda: Pipeline.parse(
            trial.steps, format=trial.target, quality=trial.quality, lossless=trial.lossless
        )
    )
    if isinstance(pipeline, DomainError):
        assert [problem.code for problem in pipeline.errors] == ["conflict"]
        return pipeline.code
    overlays = {number: Overlay.read(file, LIMITS) for number, file in _OVERLAYS.items()}
    planned = refusal_or(lambda: plan(facts, pipeline.with_overlays(overlays), LIMITS))
    if isinstance(planned, DomainError):
        assert planned.status == 422
        return planned.code
    result = refusal_or(lambda: render(source, facts, pipeline, LIMITS, overlays=_OVERLAYS))
    if isinstance(result, DomainError):
        assert result.code == "no_face_found" or not planned.exact
        assert result.status == 422
        return result.code
    image = image_of(result)
    assert image.size == (planned.width, planned.height) or not planned.exact
    assert result.format == planned.format
    stored = Pipeline.from_canonical(json.loads(json.dumps(pipeline.canonical())))
    assert render(source, facts, stored, LIMITS, overlays=_OVERLAYS).data == result.data
    return "rendered"


@lru_cache(maxsize=256)
def _file(source: tuple[str, str], width: int, height: int, orientation: int) -> bytes:
    mode, container = source
    if mode == "moving":
        return animation(container, size=(width, height))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return encoded(gradient(width, height, mode), container, exif=exif)

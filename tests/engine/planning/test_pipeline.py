"""Validation finds every problem at once and points at each."""

import json
from typing import Any

import pytest

from image_processor.engine import InvalidPipeline, Pipeline
from tests.engine.builders import step


def problems(transformations: object, **options: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidPipeline) as caught:
        Pipeline.parse(transformations, **options)
    for problem in caught.value.errors:
        json.dumps(problem.to_dict(), allow_nan=False).encode("utf-8")
        assert len(problem.detail) < 600
    return [(problem.pointer, problem.code) for problem in caught.value.errors]


ROOT = "/transformations"


@pytest.mark.parametrize(
    ("transformations", "wanted"),
    [
        (None, [(ROOT, "type")]),
        ({}, [(ROOT, "type")]),
        ("resize", [(ROOT, "type")]),
        ([], [(ROOT, "too_short")]),
        ([step("flip")] * 33, [(ROOT, "too_long")]),
        ([step("flip")] * 1000, [(ROOT, "too_long")]),
        ([None, 5, "x", []], [(f"{ROOT}/{index}", "type") for index in range(4)]),
        ([{}], [(f"{ROOT}/0/operation", "missing")]),
        ([{"operation": None}], [(f"{ROOT}/0/operation", "type")]),
        ([{"operation": "explode"}], [(f"{ROOT}/0/operation", "unknown_operation")]),
        ([{"operation": "x" * 10_000}], [(f"{ROOT}/0/operation", "unknown_operation")]),
        ([{"operation": "\ud800\0"}], [(f"{ROOT}/0/operation", "unknown_operation")]),
        ([{"operation": "flip", "params": None}], [(f"{ROOT}/0/params", "type")]),
        ([{"operation": "flip", "params": []}], [(f"{ROOT}/0/params", "type")]),
        ([{"operation": "flip", "parms": {}}], [(f"{ROOT}/0/parms", "unknown_parameter")]),
        ([step("flip", x=1)], [(f"{ROOT}/0/params/x", "unknown_parameter")]),
        ([step("flip", **{"a/b~c": 1})], [(f"{ROOT}/0/params/a~1b~0c", "unknown_parameter")]),
        (
            [step("flip", **{"\0\ud800": 1})],
            [(f"{ROOT}/0/params/??", "unknown_parameter")],
        ),
        (
            [step("resize", width=0), step("blur", radius=1e9), step("nope")],
            [
                (f"{ROOT}/0/params/width", "greater_than_equal"),
                (f"{ROOT}/1/params/radius", "less_than_equal"),
                (f"{ROOT}/2/operation", "unknown_operation"),
            ],
        ),
    ],
)
def test_every_problem_is_found_with_its_place(
    transformations: object, wanted: list[tuple[str, str]]
) -> None:
    assert problems(transformations) == wanted


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"format": "bmp"}, ("/format", "unknown_format")),
        ({"format": "exe"}, ("/format", "unknown_format")),
        ({"format": 5}, ("/format", "type")),
        ({"format": "x" * 99}, ("/format", "too_long")),
        ({"quality": 0}, ("/quality", "greater_than_equal")),
        ({"quality": 101}, ("/quality", "less_than_equal")),
        ({"quality": True}, ("/quality", "type")),
        ({"quality": "85"}, ("/quality", "type")),
        ({"quality": 85.5}, ("/quality", "type")),
        ({"lossless": 1}, ("/lossless", "type")),
        ({"metadata": "some"}, ("/metadata", "not_a_choice")),
        ({"background": "reddish"}, ("/background", "colour")),
        ({"background": "#12345"}, ("/background", "colour")),
    ],
)
def test_options_are_checked_too(options: dict[str, Any], wanted: tuple[str, str]) -> None:
    assert problems([step("flip")], **options) == [wanted]
    both = problems([step("nope")], **options)
    assert both == [("/transformations/0/operation", "unknown_operation"), wanted]


def test_a_missed_bound_names_the_value_and_the_limit() -> None:
    with pytest.raises(InvalidPipeline) as caught:
        Pipeline.parse([step("resize", width=-5)])
    problem = caught.value.errors[0]
    assert (problem.limit, problem.actual) == (1, -5)
    assert problem.detail == "width must be at least 1 but is -5."


def test_a_misspelt_name_gets_a_suggestion() -> None:
    with pytest.raises(InvalidPipeline, match='Did you mean "resize"'):
        Pipeline.parse([step("rezise")])
    with pytest.raises(InvalidPipeline, match='Did you mean "width"'):
        Pipeline.parse([step("resize", widht=5)])


def canonical(*steps: dict[str, Any], **options: Any) -> str:
    return json.dumps(Pipeline.parse(list(steps), **options).canonical())


EQUAL = [
    (canonical(step("flip")), canonical({"operation": "flip"})),
    (canonical(step("rotate", degrees=-90)), canonical(step("rotate", degrees=270.0))),
    (canonical(step("rotate", degrees=360)), canonical(step("rotate", degrees=-0.0))),
    (canonical(step("flip"), format="jpg"), canonical(step("flip"), format="JPEG")),
    (
        canonical(step("flip"), step("change_format", format="webp")),
        canonical(step("change_format", format="png"), step("flip"), format="WebP"),
    ),
    (canonical(step("flip"), quality=60), canonical(step("compress", quality=60), step("flip"))),
    (canonical(step("flip")), canonical(step("flip"), quality=85)),
    (canonical(step("flip"), quality=60, format="png"), canonical(step("flip"), format="png")),
    (canonical(step("watermark", text="a")), canonical(step("watermark", watermark_text="a"))),
    (
        canonical(step("watermark", text="a", color="#FFF")),
        canonical(step("watermark", text="a", color="White")),
    ),
    (
        canonical(step("crop", aspect="32:18")),
        canonical(step("crop", aspect="16:9", anchor="center")),
    ),
    (canonical(step("resize", width=5)), canonical(step("resize", width=5, height=None))),
]


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_equal_meaning_gives_equal_json(left: str, right: str) -> None:
    assert left == right


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (step("resize", width=5), step("resize", height=5)),
        (step("flip"), step("mirror")),
        (step("rotate", degrees=90), step("rotate", degrees=90, expand=False)),
        (step("compress", max_bytes=1000), step("compress", max_bytes=1000, min_quality=20)),
    ],
)
def test_different_meaning_gives_different_json(
    left: dict[str, Any], right: dict[str, Any]
) -> None:
    assert canonical(left) != canonical(right)


@pytest.mark.parametrize(
    "steps",
    [
        [step("flip")],
        [step("change_format", format="png")],
        [step("compress", max_bytes=5000, min_quality=20)],
        [step("watermark", watermark_text="a b"), step("crop", x=0, y=0, width=5, height=5)],
        [step("apply_filter", sepia=True, blur=True), step("rotate", degrees=12.5)],
    ],
)
def test_canonical_form_survives_storage(steps: list[dict[str, Any]]) -> None:
    pipeline = Pipeline.parse(steps, metadata="keep", background="#abc")
    stored = json.loads(json.dumps(pipeline.canonical()))
    again = Pipeline.from_canonical(stored)
    assert again.canonical() == pipeline.canonical()
    assert again.output == pipeline.output


@pytest.mark.parametrize(
    "stored",
    [{}, {"steps": []}, {"steps": [step("nope")], "output": {}}, {"steps": 5, "output": 5}],
)
def test_an_invalid_canonical_form_is_refused(stored: dict[str, Any]) -> None:
    with pytest.raises(InvalidPipeline):
        Pipeline.from_canonical(stored)


def test_the_request_wins_over_steps_and_later_steps_over_earlier_ones() -> None:
    steps = [
        step("change_format", format="png"),
        step("change_format", format="webp"),
        step("compress", quality=30),
    ]
    assert Pipeline.parse(steps).output.format == "WEBP"
    assert Pipeline.parse(steps).output.quality == 30
    output = Pipeline.parse(steps, format="jpeg", quality=70, default_quality=50).output
    assert (output.format, output.quality) == ("JPEG", 70)
    assert Pipeline.parse([step("flip")], default_quality=50).output.quality == 50


def test_a_later_quality_overrides_lossless() -> None:
    assert Pipeline.parse([step("compress", lossless=True)]).output.lossless
    output = Pipeline.parse([step("compress", lossless=True), step("compress", quality=40)]).output
    assert (output.lossless, output.quality) == (False, 40)


def test_a_quality_below_the_lowest_of_a_search_is_refused() -> None:
    steps = [step("compress", max_bytes=1000, min_quality=50)]
    assert problems(steps, quality=40) == [("/quality", "conflict")]
    assert Pipeline.parse(steps, default_quality=30).output.quality == 50


def test_steps_are_kept_as_requested() -> None:
    asked = [{"operation": "resize", "params": {"width": 5}}, {"operation": "flip"}]
    pipeline = Pipeline.parse(asked)
    assert pipeline.steps == [step("resize", width=5), step("flip")]
    asked[0]["params"]["width"] = 6  # type: ignore[index]
    assert pipeline.steps[0]["params"] == {"width": 5}

"""Pipelines that are refused, and the error of each."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.problems import refused
from tests.engine.builders import step

FLIP = step("flip")
P0 = "/transformations/0/params"


def pipeline(*steps: Any, **members: Any) -> dict[str, Any]:
    """The body of a request with these steps."""
    return {"transformations": list(steps), **members}


# Requests that are answered with 400 `invalid_pipeline`:
# body, and pointer, code and limit of the error
INVALID: dict[str, tuple[Any, str, str, Any]] = {
    "body: list": ([], "", "type", None),
    "body: text": ("resize", "", "type", None),
    "body: null": (None, "", "type", None),
    "body: number": (7, "", "type", None),
    "body: empty": ({}, "/transformations", "type", None),
    "steps: null": ({"transformations": None}, "/transformations", "type", None),
    "steps: text": ({"transformations": "[]"}, "/transformations", "type", None),
    "steps: none": (pipeline(), "/transformations", "too_short", 1),
    **{
        f"steps: {count}": (pipeline(*[FLIP] * count), "/transformations", "too_long", 32)
        for count in (33, 100, 1000)
    },
    "step: text": (pipeline("flip"), "/transformations/0", "type", None),
    "step: empty": (pipeline({}), "/transformations/0/operation", "missing", None),
    "step: unknown member": (
        pipeline({"operation": "flip", "parameters": {}}),
        "/transformations/0/parameters",
        "unknown_parameter",
        None,
    ),
    "operation: unknown": (
        pipeline(FLIP, step("resise", width=1)),
        "/transformations/1/operation",
        "unknown_operation",
        None,
    ),
    "operation: number": (pipeline({"operation": 1}), "/transformations/0/operation", "type", None),
    "operation: upper case": (
        pipeline(step("FLIP")),
        "/transformations/0/operation",
        "unknown_operation",
        None,
    ),
    "params: list": (pipeline({"operation": "flip", "params": []}), P0, "type", None),
    "params: null": (pipeline({"operation": "flip", "params": None}), P0, "type", None),
    "parameter: unknown": (
        pipeline(step("resize", width=10, heigth=10)),
        f"{P0}/heigth",
        "unknown_parameter",
        None,
    ),
    "parameter of another": (
        pipeline(step("flip", degrees=90)),
        f"{P0}/degrees",
        "unknown_parameter",
        None,
    ),
    "width: negative": (pipeline(step("resize", width=-1)), f"{P0}/width", "greater_than_equal", 1),
    "width: 0": (pipeline(step("resize", width=0)), f"{P0}/width", "greater_than_equal", 1),
    "width: huge": (
        pipeline(step("resize", width=16_385)),
        f"{P0}/width",
        "less_than_equal",
        16_384,
    ),
    "width: 4,000 digits": (
        pipeline(step("resize", width=10**3999)),
        f"{P0}/width",
        "less_than_equal",
        16_384,
    ),
    "width: text": (pipeline(step("resize", width="80")), f"{P0}/width", "type", None),
    "width: fraction": (pipeline(step("resize", width=80.5)), f"{P0}/width", "type", None),
    "width: true": (pipeline(step("resize", width=True)), f"{P0}/width", "type", None),
    "width: list": (pipeline(step("resize", width=[80])), f"{P0}/width", "type", None),
    "resize: no side": (pipeline(step("resize")), P0, "missing", None),
    "fit: unknown": (
        pipeline(step("resize", width=8, fit="stretch")),
        f"{P0}/fit",
        "not_a_choice",
        None,
    ),
    "rotate: too far": (
        pipeline(step("rotate", degrees=361)),
        f"{P0}/degrees",
        "less_than_equal",
        360,
    ),
    "rotate: colour": (
        pipeline(step("rotate", degrees=5, background="no colour")),
        f"{P0}/background",
        "",
        None,
    ),
    "blur: huge": (pipeline(step("blur", radius=1e9)), f"{P0}/radius", "less_than_equal", 100),
    "filter: none": (pipeline(step("apply_filter")), P0, "missing", None),
    "filter: text": (pipeline(step("apply_filter", sepia="yes")), f"{P0}/sepia", "type", None),
    "watermark: blank": (pipeline(step("watermark", text="  ")), f"{P0}/text", "blank", None),
    "watermark: long": (pipeline(step("watermark", text="x" * 201)), f"{P0}/text", "too_long", 200),
    "watermark: no glyph": (
        pipeline(step("watermark", text="\U0001f305")),
        f"{P0}/text",
        "unsupported_character",
        None,
    ),
    "compress: quality": (
        pipeline(step("compress", quality=101)),
        f"{P0}/quality",
        "less_than_equal",
        100,
    ),
    "unknown member": (pipeline(FLIP, qualty=3), "/qualty", "unknown_field", None),
    "format: unknown": (pipeline(FLIP, format="bmp"), "/format", "unknown_format", None),
    "format: number": (pipeline(FLIP, format=1), "/format", "type", None),
    "quality: 0": (pipeline(FLIP, quality=0), "/quality", "greater_than_equal", 1),
    "quality: 101": (pipeline(FLIP, quality=101), "/quality", "less_than_equal", 100),
    "quality: text": (pipeline(FLIP, quality="85"), "/quality", "type", None),
    "background: none": (pipeline(FLIP, background="#12"), "/background", "", None),
    "metadata: some": (pipeline(FLIP, metadata="some"), "/metadata", "not_a_choice", None),
    "lossless: text": (pipeline(FLIP, lossless="true"), "/lossless", "type", None),
    "mode: unknown": (pipeline(FLIP, mode="later"), "/mode", "not_a_choice", ["async", "sync"]),
    "mode: list": (pipeline(FLIP, mode=["async"]), "/mode", "not_a_choice", ["async", "sync"]),
}
# Requests that are answered with 422 and the code of the error.
IMPOSSIBLE: dict[str, tuple[Any, str, str, Any]] = {
    "crop: outside": (
        pipeline(step("crop", x=60, y=0, width=5, height=5)),
        f"{P0}/width",
        "crop_outside_image",
        4,
    ),
    "crop: beyond": (
        pipeline(step("crop", x=64, y=0, width=1, height=1)),
        f"{P0}/x",
        "crop_outside_image",
        63,
    ),
    "crop: outside after a resize": (
        pipeline(step("resize", width=10, height=10), step("crop", x=0, y=0, width=11, height=1)),
        "/transformations/1/params/width",
        "crop_outside_image",
        10,
    ),
    "result too large": (
        pipeline(step("resize", width=16000), step("rotate", degrees=45)),
        "/transformations/1/params",
        "output_too_large",
        16_384,
    ),
    "WebP too wide": (
        pipeline(step("resize", width=16_384, height=1), format="webp"),
        "/format",
        "output_too_large",
        16_383,
    ),
    "too much memory": (
        pipeline(step("resize", width=16_384, height=16_384)),
        "/transformations",
        "too_much_memory",
        2**30,
    ),
    "lossless JPEG": (pipeline(FLIP, lossless=True), "/lossless", "lossless_unavailable", None),
}
# body, status, code of the problem, and pointer, code and limit of the error
REFUSED: dict[str, tuple[Any, int, str, str, str, Any]] = {
    **{name: (body, 400, "invalid_pipeline", *error) for name, (body, *error) in INVALID.items()},
    **{name: (body, 422, error[1], *error) for name, (body, *error) in IMPOSSIBLE.items()},
}


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer", "error_code", "limit"),
    REFUSED.values(),
    ids=REFUSED.keys(),
)
def test_refused_pipelines_leave_nothing(
    client: APIClient,
    image: dict[str, Any],
    nothing_left: Any,
    body: Any,
    status: int,
    code: str,
    pointer: str,
    error_code: str,
    limit: Any,
) -> None:
    with nothing_left():
        answer = client.generic(
            "POST",
            f"/api/v1/images/{image['id']}/transform/",
            json.dumps(body),
            content_type="application/json",
        )
        found = refused(answer, status, code, pointer)
    (error,) = (error for error in found["errors"] if error["pointer"] == pointer)
    if error_code:
        assert error["code"] == error_code
    assert error.get("limit") == limit
    if isinstance(limit, int) and status == 400:
        assert str(limit) in error["detail"]
    assert len(answer.content) < 4000


def test_all_errors_are_reported_together(request_transform: Callable[..., Any]) -> None:
    answer = request_transform(
        step("resize", width=-1, height="x"), step("nothing"), FLIP, quality=0
    )
    body = refused(answer, 400, "invalid_pipeline")
    assert [error["pointer"] for error in body["errors"]] == [
        "/transformations/0/params/width",
        "/transformations/0/params/height",
        "/transformations/1/operation",
        "/quality",
    ]

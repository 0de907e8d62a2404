"""Steps as they are typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from image_processing_client.cli.arguments import parser
from image_processing_client.cli.exits import UsageError
from image_processing_client.cli.steps import build_request

STEPS = [{"operation": "resize", "params": {"width": 800}}]
TEXT = '[{"operation": "resize", "params": {"width": 800}}]'


def request(*words: str) -> dict[str, Any]:
    return build_request(parser().parse_args(["transform", "7", *words]))


def test_steps_as_words() -> None:
    typed = ("--step", "resize", "width=800", "fit=cover", "--step", "sepia", "--quality", "auto")
    assert request(*typed) == {
        "steps": [
            {"operation": "resize", "params": {"width": 800, "fit": "cover"}},
            {"operation": "sepia", "params": {}},
        ],
        "quality": "auto",
    }


@pytest.mark.parametrize(
    ("typed", "value"),
    [("true", True), ("0.5", 0.5), ("[1, 2]", [1, 2]), ("#ff0000", "#ff0000"), ("a=b", "a=b")],
)
def test_values_are_json_or_text(typed: str, value: object) -> None:
    assert request("--step", "x", f"y={typed}")["steps"][0]["params"] == {"y": value}


def test_a_pipeline_as_json_and_from_a_file(tmp_path: Path) -> None:
    assert request("--pipeline", TEXT) == {"steps": STEPS}
    path = tmp_path / "steps.json"
    path.write_text(f'{{"transformations": {TEXT}, "format": "webp", "quality": 70}}')
    expected = {"steps": STEPS, "format": "png", "quality": 70}
    assert request("--pipeline", str(path), "--format", "png") == expected


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--pipeline", "missing.json"], "No such file"),
        (["--pipeline", "[{"], "is not valid JSON"),
        (["--pipeline", '{"steps": []}'], "must be a list of steps"),
        (["--pipeline", '{"transformations": [], "mode": "sync"}'], "unknown members: mode"),
        (["--pipeline", "[]", "--step", "sepia"], "not both"),
        (["--step", "resize", "800"], "800 is not of the form name=value"),
    ],
)
def test_what_is_wrong_is_said(words: list[str], reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        request(*words)

"""`POST images/<id>/preview/`: the scaled-down result, which is not stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from image_processor.engine.planning import steps
from image_processor.engine.writing.output_formats import OUTPUT_FORMATS
from image_processor.transform import (
    answers,
    preview_requests,
)
from tests.api.problems import refused
from tests.api.views.pipelines.previews.preview_requests import FLIP, step
from tests.builders import pictures
from tests.builders.optional_formats import with_optional


def test_a_preview_shows_the_result_and_stores_nothing(
    worker: None, preview: Callable[..., Any], nothing_left: Any
) -> None:
    with nothing_left():
        answer = preview(step("resize", width=3000, height=1500) | {"format": "png"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert pictures.opened(answer.content).size == (1024, 512)
    told = {name: answer[f"Full-{name}"] for name in ("Width", "Height", "Format", "Exact")}
    assert told == {"Width": "3000", "Height": "1500", "Format": "PNG", "Exact": "true"}


def test_a_preview_keeps_alpha_and_marks_inexact_sizes(
    worker: None, preview: Callable[..., Any]
) -> None:
    answer = preview(step("trim") | {"format": "webp"})
    assert answer["Full-Exact"] == "false"
    answer = preview(step("round_corners", radius=40) | {"format": "webp"})
    assert answer["Content-Type"] == "image/webp"
    assert pictures.opened(answer.content).mode == "RGBA"


@pytest.mark.parametrize("name", with_optional(OUTPUT_FORMATS))
def test_a_preview_has_a_documented_format(
    worker: None, preview: Callable[..., Any], document: dict[str, Any], name: str
) -> None:
    answer = preview(step("flip") | {"format": name, "encoded": True})
    route = document["paths"]["/api/v1/images/{id}/preview/"]
    assert answer["Content-Type"] in route["post"]["responses"]["200"]["content"]


def test_an_encoded_preview_has_the_format_and_quality_of_the_result(
    worker: None, preview: Callable[..., Any]
) -> None:
    sizes = []
    for quality in (90, 10):
        answer = preview({**FLIP, "format": "webp", "quality": quality, "encoded": True})
        assert pictures.opened(answer.content).format == "WEBP"
        sizes.append(len(answer.content))
    assert sizes[1] < sizes[0]


def test_a_preset_is_previewed(
    worker: None, preview: Callable[..., Any], client: APIClient
) -> None:
    client.post("/api/v1/presets/", {"name": "half", **step("resize", width=300)})
    assert pictures.opened(preview({"preset": "half"}).content).size == (300, 200)


def test_equal_previews_have_equal_etags(worker: None, preview: Callable[..., Any]) -> None:
    first = preview()
    assert preview()["ETag"] == first["ETag"]
    assert preview(step("mirror"))["ETag"] != first["ETag"]


def test_an_unchanged_preview_is_304_without_a_worker(
    worker: None, preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    etag = preview()["ETag"]

    def nobody(*args: Any, **kwargs: Any) -> bool:
        raise AssertionError("a worker was asked")

    monkeypatch.setattr(preview_requests.messages, "send", nobody)
    answer = preview(HTTP_IF_NONE_MATCH=etag)
    assert (answer.status_code, answer["ETag"], answer.content) == (304, etag, b"")
    assert answer["Full-Width"] == "600"


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({}, 400, "invalid_pipeline", "/transformations"),
        ({**FLIP, "mode": "sync"}, 400, "invalid_pipeline", "/mode"),
        ({**FLIP, "encoded": "yes"}, 400, "invalid_pipeline", "/encoded"),
        (
            step("crop", x=500, y=0, width=200, height=10),
            422,
            None,
            "/transformations/0/params/width",
        ),
        (step("watermark", image_id=987_654), 404, "unknown_image", None),
        ({"preset": "none such"}, 404, None, None),
    ],
)
def test_invalid_previews_are_refused(
    preview: Callable[..., Any], body: Any, status: int, code: str | None, pointer: str | None
) -> None:
    answer = preview(body)
    problem = answer.json()
    assert answer.status_code == status, problem
    assert code in (None, problem["code"])
    if pointer:
        assert problem["errors"][0]["pointer"] == pointer


def test_an_error_in_the_worker_is_the_answer(worker: None, preview: Callable[..., Any]) -> None:
    refused(preview(step("crop", width=9, height=9, anchor="face")), 422, "no_face_found")


def test_a_preview_is_planned_once_and_awaited_once(
    worker: None, preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the web process and in the worker together, which is a thread of this one."""
    calls: list[str] = []

    def count(module: Any, name: str) -> None:
        real = getattr(module, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            calls.append(name)
            return real(*args, **kwargs)

        monkeypatch.setattr(module, name, counted)

    count(steps, "plan_steps")
    count(answers, "pop")
    assert preview(step("blur", radius=3)).status_code == 200
    assert calls == ["plan_steps", "pop"]

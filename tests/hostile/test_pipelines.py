"""Pipelines that must be refused, and extreme ones that must be executed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.builders import pictures
from tests.engine.builders import opened, step
from tests.hostile.answers import refused
from tests.stack.service import Service, register_client, upload

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("no_worker_dies", "work_goes_on")]

FLIP = step("flip")
GROW = step("resize", width=10_000, height=10_000, fit="fill")

REFUSED: dict[str, tuple[Any, int, str]] = {
    "no steps": ([], 400, "invalid_pipeline"),
    "1,000 steps": ([FLIP] * 1_000, 400, "invalid_pipeline"),
    "unknown step": ([step("explode")], 400, "invalid_pipeline"),
    "unknown key": ([step("resize", width=10, heigth=10)], 400, "invalid_pipeline"),
    "wrong types": ([step("resize", width="10", height=[])], 400, "invalid_pipeline"),
    "negative size": ([step("resize", width=-1)], 400, "invalid_pipeline"),
    "zero size": ([step("crop", x=0, y=0, width=0, height=0)], 400, "invalid_pipeline"),
    "crop outside": ([step("crop", x=60, y=0, width=5, height=5)], 422, "crop_outside_image"),
    "resized beyond memory": (
        [step("resize", width=16_384, height=16_384)],
        422,
        "too_much_memory",
    ),
    "padded beyond memory": ([step("pad", width=16_384, height=16_384)], 422, "too_much_memory"),
    "resized again and again": ([GROW, FLIP] * 16, 422, "too_much_memory"),
    "padded again and again": (
        [step("pad", top=9_000, bottom=9_000, left=9_000, right=9_000)] * 3,
        422,
        "output_too_large",
    ),
    "bordered again and again": ([step("border", width=16_384)] * 3, 422, "output_too_large"),
    "rotated again and again": (
        [step("rotate", degrees=45, expand=True)] * 32,
        422,
        "output_too_large",
    ),
    "radius beyond the limit": ([step("blur", radius=1e9)], 400, "invalid_pipeline"),
    "right-to-left override": ([step("watermark", text="a\u202eb")], 400, "invalid_pipeline"),
    "emoji": ([step("watermark", text="🔥🌅")], 400, "invalid_pipeline"),
}


@pytest.fixture(scope="module")
def image(client: httpx.Client) -> int:
    return upload(client, pictures.jpeg(64, 48))


@pytest.mark.parametrize(("steps", "status", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(
    client: httpx.Client, nothing_left: Any, image: int, steps: Any, status: int, code: str
) -> None:
    with nothing_left():
        answer = client.post(f"/images/{image}/transform/", json={"transformations": steps})
        body = refused(answer, status, code)
    assert all(error["pointer"] and error["detail"] for error in body["errors"])


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_numbers_that_are_none(
    client: httpx.Client, nothing_left: Any, image: int, number: str
) -> None:
    body = json.dumps({"transformations": [step("blur", radius="?")]}).replace('"?"', number)
    with nothing_left():
        answer = client.post(
            f"/images/{image}/transform/",
            content=body,
            headers={"Content-Type": "application/json"},
        )
        refused(answer, 400, "malformed_body")


EXTREME: dict[str, list[dict[str, Any]]] = {
    "largest blur": [step("blur", radius=100)],
    "largest sharpening": [step("sharpen", amount=500, radius=100)],
    "smallest values": [step("blur", radius=0.1), step("gamma", amount=0.1)],
    "one cell": [step("pixelate", size=16_384)],
    "long side": [step("resize", width=16_384, height=1, fit="fill")],
    "border as wide as it goes": [step("border", width=2_000)],
    "turned thirty times": [step("rotate", degrees=7, expand=False)] * 30,
    "to one pixel and back": [
        step("resize", width=1, height=1, fit="fill"),
        step("resize", width=3_000, height=3_000, fit="fill"),
    ],
    "right to left": [step("watermark", text="שלום مرحبا עולם")],
    "200 letters": [step("watermark", text="Wi" * 100)],
    "every effect": [
        step(name)
        for name in ("cartoon", "sketch", "oil_painting", "watercolor", "color_pencil", "pop_art")
    ],
}


@pytest.mark.parametrize("steps", EXTREME.values(), ids=EXTREME.keys())
def test_extreme_but_possible(
    end_of: Callable[..., Any], image: int, steps: list[dict[str, Any]]
) -> None:
    done = end_of(image, *steps, format="png")
    assert done["status"] == "SUCCESS", done
    assert opened(httpx.get(done["result_url"]).content).format == "PNG"


def test_ids_of_other_people_s_images(
    service: Service, client: httpx.Client, nothing_left: Any, image: int
) -> None:
    with register_client(service) as stranger:
        theirs = upload(stranger, pictures.jpeg(seed=5))
        body = {"transformations": [step("watermark", image_id=theirs)]}
        with nothing_left():
            for pk in (theirs, 987_654_321):
                body["transformations"][0]["params"]["image_id"] = pk
                refused(client.post(f"/images/{image}/transform/", json=body), 404, "unknown_image")
                refused(
                    client.post(f"/images/{pk}/transform/", json={"transformations": [FLIP]}),
                    404,
                    "not_found",
                )

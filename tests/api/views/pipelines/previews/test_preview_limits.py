"""How many previews wait at a time, and how many one user may request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from image_processor.transform import (
    preview_requests,
)
from tests.api.problems import refused
from utils.slots import Slots


def test_the_number_of_waiting_requests_is_limited(
    preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_requests, "_slots", Slots(0))
    answer = preview()
    assert refused(answer, 503, "preview_unavailable")["limit"] == 0
    assert answer["Retry-After"] == "5"


def test_one_user_leaves_slots_to_others(
    worker: None, preview: Callable[..., Any], user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    slots = Slots(2, per_owner=1)
    monkeypatch.setattr(preview_requests, "_slots", slots)
    slots.take(user.pk)
    problem = refused(preview(), 503, "preview_unavailable")
    assert (problem["limit"], "your previews" in problem["detail"]) == (1, True)
    slots.release(user.pk)
    slots.take(user.pk + 1)
    assert preview().status_code == 200


def test_a_request_frees_its_slot(
    worker: None, preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_requests, "_slots", Slots(1))
    assert [preview().status_code for _ in range(2)] == [200, 200]


def test_previews_have_a_separate_rate_limit(
    worker: None, preview: Callable[..., Any], settings: Any
) -> None:
    settings.RATE_LIMITS = True
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "preview": "1/hour"}
    assert preview().status_code == 200
    refused(preview(), 429, "rate_limited")

"""Fingerprints and keys of stored objects."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from image_processor.library import object_keys


@pytest.mark.parametrize("make", [object_keys.result_key, object_keys.derived_key])
def test_each_attempt_writes_a_key_of_its_own(make: Callable[..., str]) -> None:
    """Otherwise a late worker would overwrite, and then remove, a published object."""
    made = {make("f" * 64, uuid.uuid4(), "png") for _ in range(2)}
    assert len(made) == 2


def test_every_key_that_a_link_can_lead_to_is_below_one_prefix() -> None:
    """Sites that show the files allow this prefix (docs/api.md)."""
    token = uuid.uuid4()
    linked = [
        object_keys.upload_key("png"),
        object_keys.result_key("f" * 64, token, "png"),
        object_keys.derived_key("f" * 64, token, "webp"),
    ]
    assert all(key.startswith("images/") for key in linked)
    assert not object_keys.incoming_key().startswith("images/")


def test_the_fingerprint_of_a_result_depends_on_all_its_inputs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = [{"operation": "resize", "params": {"width": 9, "height": 8}}]
    other = [{"operation": "resize", "params": {"width": 8, "height": 9}}]
    pipeline = {"steps": steps, "output": {"format": "PNG"}}
    fingerprint = object_keys.result_fingerprint
    first = fingerprint(1, "a", pipeline)
    assert fingerprint(1, "a", {"output": {"format": "PNG"}, "steps": steps}) == first
    assert fingerprint(2, "a", pipeline) != first
    assert fingerprint(1, "b", pipeline) != first
    assert fingerprint(1, "a", {**pipeline, "steps": other}) != first
    assert fingerprint(1, "a", {**pipeline, "output": {"format": "WEBP"}}) != first
    monkeypatch.setattr(object_keys, "engine_version", lambda: "another engine")
    assert fingerprint(1, "a", pipeline) != first


def test_the_fingerprint_of_a_derived_object_depends_on_source_and_kind() -> None:
    fingerprint = object_keys.derived_fingerprint
    kinds = {fingerprint(of, kind) for of in ("a", "b") for kind in ("thumbnail", "proxy")}
    assert len(kinds) == 4

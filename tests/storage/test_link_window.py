"""Link windows: start, end and order."""

from __future__ import annotations

from typing import Any

import pytest

from image_processor.storage.link_window import LinkWindow


@pytest.mark.parametrize("lifetime", [60, 61, 300, 604_800])
@pytest.mark.parametrize("moment", [0.0, 1.0, 149.999, 150.0, 1_700_000_000.5])
def test_a_link_lives_for_half_its_lifetime_at_least(
    lifetime: int, moment: float, clock: Any, settings: Any
) -> None:
    settings.LINK_LIFETIME_SECONDS = lifetime
    clock.now = 1_800_000_000 + moment
    window = LinkWindow.current()
    assert window.lifetime == window.end - window.start == lifetime
    assert window.start <= clock.now
    assert window.end - clock.now > lifetime / 2


def test_each_window_starts_when_the_one_before_ends(clock: Any) -> None:
    clock.now = 1_800_000_000
    first = LinkWindow.current()
    clock.now = first.start + 149.999
    assert LinkWindow.current() == first
    clock.now = first.start + 150
    assert LinkWindow.current() == LinkWindow(first.start + 150, first.end + 150)

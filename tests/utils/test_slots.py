"""Slots limit what one process does at a time, for everyone and for each owner."""

from __future__ import annotations

import pytest

from utils.slots import NoFreeSlot, Slots


def test_one_more_than_the_limit_is_refused_until_a_slot_is_free() -> None:
    slots = Slots(2)
    slots.take(1)
    slots.take(2)
    with pytest.raises(NoFreeSlot) as refusal:
        slots.take(3)
    assert (refusal.value.limit, refusal.value.of_owner) == (2, False)
    slots.release(1)
    slots.take(3)
    assert slots.in_use == 2


def test_an_owner_has_a_limit_of_their_own() -> None:
    slots = Slots(3, per_owner=1)
    slots.take(1)
    with pytest.raises(NoFreeSlot) as refusal:
        slots.take(1)
    assert (refusal.value.limit, refusal.value.of_owner) == (1, True)
    slots.take(2)


def test_an_owner_shares_a_slot() -> None:
    slots = Slots(1, shared=True)
    slots.take(1)
    slots.take(1)
    assert slots.in_use == 1
    slots.release(1)
    with pytest.raises(NoFreeSlot):
        slots.take(2)
    slots.release(1)
    slots.take(2)


def test_a_block_that_fails_gives_its_slot_back() -> None:
    slots = Slots(1)

    def fail() -> None:
        with slots.hold() as held, slots.hold() as second:
            assert (held, second, slots.in_use) == (True, False, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert slots.in_use == 0

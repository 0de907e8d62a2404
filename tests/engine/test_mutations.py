"""Damaged files end in a result or in a domain error, whatever the damage."""

import random
from collections import Counter

import pytest

from image_processor.engine.optional_formats import EXTRAS
from image_processor.engine.reading.input_formats import readable_formats
from tests.builders.optional_formats import with_optional
from tests.engine import hostile, mutants

MUTANTS = 500


@pytest.mark.parametrize("format_name", with_optional(hostile.FORMATS))
def test_mutated_files_never_escape(format_name: str) -> None:
    chance = random.Random(f"mutants of {format_name}")
    files = hostile.variants(format_name)
    ends: Counter[str] = Counter()
    for number in range(MUTANTS):
        data = mutants.mutant(format_name, files, chance)
        ends[mutants.outcome(data, mutants.PIPELINES[number % 2])] += 1
    assert ends.total() == MUTANTS
    assert ends["rendered"] < MUTANTS - 20


def test_every_accepted_format_is_mutated() -> None:
    assert {*hostile.FORMATS, *EXTRAS} == set(readable_formats())

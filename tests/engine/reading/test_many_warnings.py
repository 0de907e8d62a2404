"""What is stored of a file's faults does not grow with the file."""

from __future__ import annotations

import json

from image_processor.engine import inspect
from image_processor.engine.reading.inspection import MAX_WARNINGS
from tests.engine.builders import LIMITS
from tests.engine.hostile import png, png_chunk


def test_the_facts_of_a_file_with_thousands_of_faults_are_short() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    kinds = [f"{a}{b}A{c}".encode() for a in letters for b in letters for c in letters[:8]]
    damaged = b"".join(png_chunk(kind, b"x")[:-4] + bytes(4) for kind in kinds)
    facts = inspect(png(8, 8, damaged), LIMITS)
    assert len(facts.warnings) == MAX_WARNINGS
    assert facts.warnings[-1]["detail"] == (
        f"The file has {len(kinds) - MAX_WARNINGS + 1} more faults that are not listed."
    )
    assert len(json.dumps(facts.to_dict())) < 4_000

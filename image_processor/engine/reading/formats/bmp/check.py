"""BMP: checks the header, and how many rows of the picture are present."""

from __future__ import annotations

from typing import Any

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.bmp.header import BmpHeader, read_bmp_header
from image_processor.engine.reading.formats.bmp.runs import measure_runs
from image_processor.engine.reading.formats.structure import (
    Structure,
    cut_off,
    damaged_part,
    truncated,
)

# As for JPEG.
_MAX_MISSING = 0.5


def check_bmp(data: bytes) -> Structure:
    header = read_bmp_header(data)
    warnings: list[dict[str, Any]] = []
    if header.profile and sum(header.profile) > len(data):
        warnings.append(
            damaged_part("The colour profile of the BMP file is cut off and was ignored.")
        )
    if header.run_lengths:
        _check_runs(data, header, warnings)
    else:
        # The last row may lack the bytes that only fill it up.
        end = header.offset + header.row_bytes * (header.height - 1)
        end += (header.width * header.depth + 7) // 8
        if end > len(data):
            raise truncated("the BMP picture", end, len(data))
    transparent = header.masks[3] != 0
    return Structure(header.width, header.height, transparent=transparent, warnings=tuple(warnings))


def _check_runs(data: bytes, header: BmpHeader, warnings: list[dict[str, Any]]) -> None:
    """Add a warning if the runs are cut off. Raises InvalidImage if too many rows are missing."""
    coverage = measure_runs(data, header)
    share = max(1, round(100 * coverage.missing))
    if coverage.missing > _MAX_MISSING:
        raise InvalidImage(
            f"The BMP file is truncated: about {share}% of its rows are missing, "
            f"and at most {_MAX_MISSING:.0%} may be.",
            limit=_MAX_MISSING,
            actual=round(coverage.missing, 2),
        )
    if coverage.missing:
        warnings.append(
            cut_off(f"The BMP file is cut off: about {share}% of its rows are missing.")
        )

"""The limits that `inspect` and `plan` enforce."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on sources, results and work.

    Sides are in pixels. `max_pixels` limits width x height x frames. `max_cost` is in the unit of
    `Plan.cost`.
    """

    max_file_bytes: int = 50 * 1024 * 1024
    max_side: int = 10_000
    min_side: int = 1
    max_pixels: int = 50_000_000
    max_frames: int = 1_000
    max_output_side: int = 16_384
    max_memory_bytes: int = 1024 * 1024 * 1024
    # About 40 seconds on one core. The time limit of a job is several times as long, so a slower or
    # busier machine still finishes.
    max_cost: float = 1_000

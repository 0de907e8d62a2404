"""All operations, in the order of the catalogue. Each group's package lists its own."""

from __future__ import annotations

from image_processor.engine.operations import artistic, filters, geometry, output, overlay, tone
from image_processor.engine.operations.base import Operation

OPERATIONS: tuple[type[Operation], ...] = (
    *geometry.OPERATIONS,
    *tone.OPERATIONS,
    *filters.OPERATIONS,
    *artistic.OPERATIONS,
    *overlay.OPERATIONS,
    *output.OPERATIONS,
)

BY_NAME: dict[str, type[Operation]] = {operation.name: operation for operation in OPERATIONS}

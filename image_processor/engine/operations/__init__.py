"""Every operation there is, in the order of the catalogue."""

from __future__ import annotations

from image_processor.engine.operations.artistic import (
    Cartoon,
    ColorPencil,
    OilPainting,
    PopArt,
    Sketch,
    Watercolor,
)
from image_processor.engine.operations.base import Operation
from image_processor.engine.operations.crop import Crop
from image_processor.engine.operations.filters import ApplyFilter, Blur, Sharpen
from image_processor.engine.operations.geometry import Flip, Mirror, Rotate
from image_processor.engine.operations.output import ChangeFormat, Compress
from image_processor.engine.operations.overlay import Watermark
from image_processor.engine.operations.resize import Resize
from image_processor.engine.operations.tone import Grayscale, Invert, Sepia

OPERATIONS: tuple[type[Operation], ...] = (
    Resize,
    Crop,
    Rotate,
    Flip,
    Mirror,
    Grayscale,
    Sepia,
    Invert,
    Blur,
    Sharpen,
    ApplyFilter,
    Cartoon,
    Sketch,
    ColorPencil,
    OilPainting,
    Watercolor,
    PopArt,
    Watermark,
    Compress,
    ChangeFormat,
)

BY_NAME: dict[str, type[Operation]] = {operation.name: operation for operation in OPERATIONS}

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
from image_processor.engine.operations.filters.apply_filter import ApplyFilter
from image_processor.engine.operations.filters.blur import Blur, Sharpen
from image_processor.engine.operations.filters.denoise import Denoise
from image_processor.engine.operations.filters.pixelate import Pixelate
from image_processor.engine.operations.filters.vignette import Vignette
from image_processor.engine.operations.geometry.crop import Crop
from image_processor.engine.operations.geometry.margins import Border, Pad
from image_processor.engine.operations.geometry.resize import Resize
from image_processor.engine.operations.geometry.round_corners import RoundCorners
from image_processor.engine.operations.geometry.trim import Trim
from image_processor.engine.operations.geometry.turning import Flip, Mirror, Rotate
from image_processor.engine.operations.output.output import ChangeFormat, Compress
from image_processor.engine.operations.overlay.watermark import Watermark
from image_processor.engine.operations.tone.balance import Hue, Saturation, Temperature
from image_processor.engine.operations.tone.histogram import AutoContrast, Equalize
from image_processor.engine.operations.tone.levels import Posterize, Solarize
from image_processor.engine.operations.tone.light import Brightness, Contrast, Gamma
from image_processor.engine.operations.tone.toning import Duotone, Tint
from image_processor.engine.operations.tone.without_colour import Grayscale, Invert, Sepia

OPERATIONS: tuple[type[Operation], ...] = (
    Resize,
    Crop,
    Rotate,
    Flip,
    Mirror,
    Trim,
    Pad,
    RoundCorners,
    Border,
    Grayscale,
    Sepia,
    Invert,
    Brightness,
    Contrast,
    Saturation,
    Gamma,
    Hue,
    Temperature,
    AutoContrast,
    Equalize,
    Tint,
    Duotone,
    Posterize,
    Solarize,
    Blur,
    Sharpen,
    Denoise,
    Pixelate,
    Vignette,
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

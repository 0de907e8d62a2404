"""Every operation there is, in the order of the catalogue."""

from __future__ import annotations

from image_processor.engine.operations.apply_filter import ApplyFilter
from image_processor.engine.operations.artistic import (
    Cartoon,
    ColorPencil,
    OilPainting,
    PopArt,
    Sketch,
    Watercolor,
)
from image_processor.engine.operations.balance import Hue, Saturation, Temperature
from image_processor.engine.operations.base import Operation
from image_processor.engine.operations.crop import Crop
from image_processor.engine.operations.denoise import Denoise
from image_processor.engine.operations.filters import Blur, Sharpen
from image_processor.engine.operations.geometry import Flip, Mirror, Rotate
from image_processor.engine.operations.histogram import AutoContrast, Equalize
from image_processor.engine.operations.levels import Posterize, Solarize
from image_processor.engine.operations.light import Brightness, Contrast, Gamma
from image_processor.engine.operations.margins import Border, Pad
from image_processor.engine.operations.output import ChangeFormat, Compress
from image_processor.engine.operations.overlay import Watermark
from image_processor.engine.operations.pixelate import Pixelate
from image_processor.engine.operations.resize import Resize
from image_processor.engine.operations.round_corners import RoundCorners
from image_processor.engine.operations.tone import Grayscale, Invert, Sepia
from image_processor.engine.operations.toning import Duotone, Tint
from image_processor.engine.operations.trim import Trim
from image_processor.engine.operations.vignette import Vignette

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

"""Operations on the colours and tones of each pixel, in the order of the catalogue."""

from image_processor.engine.operations.tone.auto_contrast import AutoContrast
from image_processor.engine.operations.tone.brightness_contrast import Brightness, Contrast
from image_processor.engine.operations.tone.duotone import Duotone
from image_processor.engine.operations.tone.equalize import Equalize
from image_processor.engine.operations.tone.gamma import Gamma
from image_processor.engine.operations.tone.grayscale import Grayscale
from image_processor.engine.operations.tone.hue_saturation import Hue, Saturation
from image_processor.engine.operations.tone.invert import Invert
from image_processor.engine.operations.tone.posterize import Posterize
from image_processor.engine.operations.tone.sepia import Sepia
from image_processor.engine.operations.tone.solarize import Solarize
from image_processor.engine.operations.tone.temperature import Temperature
from image_processor.engine.operations.tone.tint import Tint

OPERATIONS = (
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
)

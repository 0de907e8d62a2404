"""Operations that look at the neighbourhood of each pixel, in the order of the catalogue."""

from image_processor.engine.operations.filters.apply_filter import ApplyFilter
from image_processor.engine.operations.filters.blur import Blur
from image_processor.engine.operations.filters.denoise import Denoise
from image_processor.engine.operations.filters.pixelate import Pixelate
from image_processor.engine.operations.filters.sharpen import Sharpen
from image_processor.engine.operations.filters.vignette import Vignette

OPERATIONS = (Blur, Sharpen, Denoise, Pixelate, Vignette, ApplyFilter)

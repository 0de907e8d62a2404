"""Operations that lay something over the picture, in the order of the catalogue."""

from image_processor.engine.operations.overlay.watermark import Watermark

OPERATIONS = (Watermark,)

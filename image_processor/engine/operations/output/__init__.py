"""Operations that decide how the result is written, in the order of the catalogue."""

from image_processor.engine.operations.output.change_format import ChangeFormat
from image_processor.engine.operations.output.compress import Compress

OPERATIONS = (Compress, ChangeFormat)

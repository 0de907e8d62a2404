"""Operations that change size, shape or orientation, in the order of the catalogue."""

from image_processor.engine.operations.geometry.border import Border
from image_processor.engine.operations.geometry.crop import Crop
from image_processor.engine.operations.geometry.flip import Flip, Mirror
from image_processor.engine.operations.geometry.pad import Pad
from image_processor.engine.operations.geometry.resize import Resize
from image_processor.engine.operations.geometry.rotate import Rotate
from image_processor.engine.operations.geometry.round_corners import RoundCorners
from image_processor.engine.operations.geometry.trim import Trim

OPERATIONS = (Resize, Crop, Rotate, Flip, Mirror, Trim, Pad, RoundCorners, Border)

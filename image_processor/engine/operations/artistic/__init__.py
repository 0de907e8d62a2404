"""The artistic effects: photographs that look drawn, painted or printed."""

from image_processor.engine.operations.artistic.cartoon import Cartoon
from image_processor.engine.operations.artistic.color_pencil import ColorPencil
from image_processor.engine.operations.artistic.oil_painting import OilPainting
from image_processor.engine.operations.artistic.pop_art import PopArt
from image_processor.engine.operations.artistic.sketch import Sketch
from image_processor.engine.operations.artistic.watercolor import Watercolor

__all__ = ["Cartoon", "ColorPencil", "OilPainting", "PopArt", "Sketch", "Watercolor"]

"""Effects that make a photograph look drawn, painted or printed, in the catalogue's order."""

from image_processor.engine.operations.artistic.cartoon import Cartoon
from image_processor.engine.operations.artistic.color_pencil import ColorPencil
from image_processor.engine.operations.artistic.oil_painting import OilPainting
from image_processor.engine.operations.artistic.pop_art import PopArt
from image_processor.engine.operations.artistic.sketch import Sketch
from image_processor.engine.operations.artistic.watercolor import Watercolor

OPERATIONS = (Cartoon, Sketch, ColorPencil, OilPainting, Watercolor, PopArt)

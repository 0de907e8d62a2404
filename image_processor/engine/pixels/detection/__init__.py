"""Finding the subject of an image: faces, or the most detailed part."""

from image_processor.engine.pixels.detection.box import Box
from image_processor.engine.pixels.detection.faces import faces
from image_processor.engine.pixels.detection.interest import interest

# Peak memory of the search, besides the image and one copy of it.
PEAK_BYTES = 24_000_000

__all__ = ["PEAK_BYTES", "Box", "faces", "interest"]

"""What a picture is about: faces, and where its detail lies. Usable without a pipeline."""

from image_processor.engine.pixels.detection.box import Box
from image_processor.engine.pixels.detection.faces import faces
from image_processor.engine.pixels.detection.interest import interest

# What looking for faces and detail holds at the most, besides the picture and one copy of it.
PEAK_BYTES = 24_000_000

__all__ = ["PEAK_BYTES", "Box", "faces", "interest"]

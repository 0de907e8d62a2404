"""What the colour steps share: a table or a matrix says it all, and is applied in one place."""

from __future__ import annotations

from PIL import Image

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.pixels.colour import on_colour
from image_processor.engine.pixels.fusion_colour import ColourStep, Curve, Weights
from image_processor.engine.pixels.matrices import Matrix, cuts_off, through_matrix
from image_processor.engine.pixels.tables import IDENTITY, Table, through_tables


class ByTable(Operation):
    """A step that `tables` describe: one for all channels, or one each for red, green, blue."""

    group = Group.TONE
    peak_bytes = (9.0, 14.0)

    def tables(self) -> tuple[Table, ...]:
        raise NotImplementedError

    def colour(self) -> tuple[ColourStep, ...]:
        return (Curve.of(*self.tables()),)

    def plan(self, frame: Frame) -> Frame:
        return frame.in_colour() if len(self.tables()) == 3 else frame

    def apply(self, image: Image.Image) -> Image.Image:
        tables = self.tables()
        if tables == (IDENTITY,):
            return image
        return on_colour(image, lambda colour: through_tables(colour, tables))


class ByMatrix(Operation):
    """A step that a `matrix` describes; None where it changes nothing."""

    group = Group.TONE
    peak_bytes = (9.0, 14.0)

    def matrix(self) -> Matrix | None:
        raise NotImplementedError

    def scales(self) -> bool:
        matrix = self.matrix()
        return matrix is None or not cuts_off(matrix)

    def colour(self) -> tuple[ColourStep, ...]:
        matrix = self.matrix()
        return () if matrix is None else (Weights(matrix),)

    def apply(self, image: Image.Image) -> Image.Image:
        matrix = self.matrix()
        if matrix is None:
            return image
        return on_colour(image, lambda colour: through_matrix(colour, matrix))

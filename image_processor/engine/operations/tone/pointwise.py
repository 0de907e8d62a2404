"""The base classes of tone operations: one described by lookup tables, one by a matrix."""

from __future__ import annotations

from abc import abstractmethod

from PIL import Image

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.capabilities import FusesColour
from image_processor.engine.pixels.alpha import on_colour
from image_processor.engine.pixels.colour_steps import ColourStep, Curve, Weights
from image_processor.engine.pixels.matrices import Matrix, apply_matrix, clips
from image_processor.engine.pixels.tables import IDENTITY, Table, apply_tables


class ByTable(Operation, FusesColour):
    """An operation described by lookup tables."""

    group = Group.TONE
    peak_bytes = (9.0, 14.0)

    @abstractmethod
    def tables(self) -> tuple[Table, ...]:
        """One table for all channels, or three for red, green and blue."""

    def colour_steps(self) -> tuple[ColourStep, ...]:
        return (Curve.of(*self.tables()),)

    def plan(self, frame: Frame) -> Frame:
        return frame.in_colour() if len(self.tables()) == 3 else frame

    def apply(self, image: Image.Image) -> Image.Image:
        tables = self.tables()
        if tables == (IDENTITY,):
            return image
        return on_colour(image, lambda colour: apply_tables(colour, tables))


class ByMatrix(Operation, FusesColour):
    """An operation described by a colour matrix."""

    group = Group.TONE
    peak_bytes = (9.0, 14.0)

    @abstractmethod
    def matrix(self) -> Matrix | None:
        """The matrix, or None if nothing changes."""

    def is_linear(self) -> bool:
        matrix = self.matrix()
        return matrix is None or not clips(matrix)

    def colour_steps(self) -> tuple[ColourStep, ...]:
        matrix = self.matrix()
        return () if matrix is None else (Weights(matrix),)

    def apply(self, image: Image.Image) -> Image.Image:
        matrix = self.matrix()
        if matrix is None:
            return image
        return on_colour(image, lambda colour: apply_matrix(colour, matrix))

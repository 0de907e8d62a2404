"""Everything the engine refuses, and the one place where a decoder's exception becomes one.

Decoders of hostile files raise nearly anything; `decoder_errors` lists what they are known to
raise. Code that runs after decoding is not wrapped: an exception there is a bug and must show.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageCms

from utils.errors import DomainError


class InvalidImage(DomainError):
    code = "invalid_image"
    status = 400
    title = "The file is not a readable image"


class UnsupportedFormat(DomainError):
    code = "unsupported_format"
    status = 415
    title = "The image format is not supported"


class FileTooLarge(DomainError):
    code = "file_too_large"
    status = 413
    title = "The file is too large"


class TooManyPixels(DomainError):
    code = "too_many_pixels"
    status = 422
    title = "The image has too many pixels"


class TooManyFrames(DomainError):
    code = "too_many_frames"
    status = 422
    title = "The animation has too many frames"


class SideTooLong(DomainError):
    code = "image_too_large"
    status = 422
    title = "A side of the image is too long"


class SideTooShort(DomainError):
    code = "image_too_small"
    status = 422
    title = "A side of the image is too short"


class InvalidPipeline(DomainError):
    code = "invalid_pipeline"
    status = 400
    title = "The transformations are not valid"


class CropOutsideImage(DomainError):
    code = "crop_outside_image"
    status = 422
    title = "The rectangle lies outside the image"


class NoFaceFound(DomainError):
    code = "no_face_found"
    status = 422
    title = "There is no face in the picture"


class RegionOutsideImage(DomainError):
    code = "region_outside_image"
    status = 422
    title = "The region lies outside the image"


class CanvasTooSmall(DomainError):
    code = "canvas_too_small"
    status = 422
    title = "The image does not fit into the size to pad to"


class RadiusTooLarge(DomainError):
    code = "radius_too_large"
    status = 422
    title = "The radius is too large for the image"


class OutputTooLarge(DomainError):
    code = "output_too_large"
    status = 422
    title = "The result would be too large"


class TooMuchMemory(DomainError):
    code = "too_much_memory"
    status = 422
    title = "The work would need too much memory"


class TooMuchWork(DomainError):
    code = "too_much_work"
    status = 422
    title = "The work would take too long"


class TookTooLong(DomainError):
    code = "took_too_long"
    status = 422
    title = "The work took too long"


class LosslessUnavailable(DomainError):
    code = "lossless_unavailable"
    status = 422
    title = "The output format has no lossless mode"


class OverlayMissing(DomainError):
    code = "overlay_missing"
    status = 422
    title = "The image to lay over the picture is missing"


class EncodeFailed(DomainError):
    code = "encode_failed"
    status = 422
    title = "The result could not be written in this format"


DECODER_ERRORS: tuple[type[Exception], ...] = (
    OSError,  # includes PIL.UnidentifiedImageError
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    EOFError,
    ArithmeticError,
    NotImplementedError,
    AssertionError,
    RuntimeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    ImageCms.PyCMSError,
)


@contextmanager
def decoder_errors(doing: str) -> Iterator[None]:
    """Turn whatever a decoder raises while `doing` something into `InvalidImage`."""
    try:
        yield
    except DomainError:
        raise
    except MemoryError as error:
        raise TooMuchMemory(f"Memory ran out while {doing}.") from error
    except DECODER_ERRORS as error:
        reason = printable(str(error) or type(error).__name__)
        raise InvalidImage(f"The image is damaged: {doing} failed ({reason}).") from error


def printable(text: str, length: int = 120) -> str:
    """`text` fit for a message, a JSON document and a database: no control characters, cut."""
    clean = "".join(char if char.isprintable() else "?" for char in text[: length + 1])
    return clean if len(clean) <= length else clean[: length - 1] + "…"

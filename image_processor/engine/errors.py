"""The domain errors of the engine, and the translation of decoder exceptions into them.

Decoders of hostile files raise nearly any exception. `DECODER_ERRORS` lists those that have been
seen. Code that runs after decoding is not wrapped: an exception there is a bug and must show.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageCms, UnidentifiedImageError

from utils.errors import DomainError
from utils.visible_text import JOINERS


class InvalidImage(DomainError):
    code = "invalid_image"
    status = 400
    title = "Image not readable"


class UnsupportedFormat(DomainError):
    code = "unsupported_format"
    status = 415
    title = "Image format not supported"


class FileTooLarge(DomainError):
    code = "file_too_large"
    status = 413
    title = "File too large"


class TooManyPixels(DomainError):
    code = "too_many_pixels"
    status = 422
    title = "Too many pixels"


class TooManyFrames(DomainError):
    code = "too_many_frames"
    status = 422
    title = "Too many frames"


class SideTooLong(DomainError):
    code = "image_too_large"
    status = 422
    title = "Image too large"


class SideTooShort(DomainError):
    code = "image_too_small"
    status = 422
    title = "Image too small"


class InvalidPipeline(DomainError):
    code = "invalid_pipeline"
    status = 400
    title = "Invalid transformations"


class CropOutsideImage(DomainError):
    code = "crop_outside_image"
    status = 422
    title = "Crop outside the image"


class NoFaceFound(DomainError):
    code = "no_face_found"
    status = 422
    title = "No face found"


class RegionOutsideImage(DomainError):
    code = "region_outside_image"
    status = 422
    title = "Region outside the image"


class CanvasTooSmall(DomainError):
    code = "canvas_too_small"
    status = 422
    title = "Image larger than the size to pad to"


class RadiusTooLarge(DomainError):
    code = "radius_too_large"
    status = 422
    title = "Corner radius too large"


class OutputTooLarge(DomainError):
    code = "output_too_large"
    status = 422
    title = "Result too large"


class TooMuchMemory(DomainError):
    code = "too_much_memory"
    status = 422
    title = "Too much memory needed"


class TooMuchWork(DomainError):
    code = "too_much_work"
    status = 422
    title = "Too much work"


class TookTooLong(DomainError):
    code = "took_too_long"
    status = 422
    title = "Processing took too long"


class LosslessUnavailable(DomainError):
    code = "lossless_unavailable"
    status = 422
    title = "Output format has no lossless mode"


class OverlayMissing(DomainError):
    code = "overlay_missing"
    status = 422
    title = "Watermark image missing"


class EncodeFailed(DomainError):
    code = "encode_failed"
    status = 422
    title = "Result could not be encoded"


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
    """Raise InvalidImage instead of a decoder's exception; `doing` names what failed.

    The message has the decoder's own words only if they are a sentence about the file.
    """
    try:
        yield
    except DomainError:
        raise
    except MemoryError as error:
        raise TooMuchMemory(f"Memory ran out while {doing}.") from error
    except UnidentifiedImageError as error:
        raise InvalidImage("The image is damaged: its header cannot be read.") from error
    except DECODER_ERRORS as error:
        raise InvalidImage(f"The image is damaged: {doing} failed{_reason(error)}.") from error


# These speak about the file; the others speak about the decoder's program.
_SPEAKING = (OSError, SyntaxError, ValueError, EOFError)
# Quotes and brackets show values of the program, which only its authors understand.
_PROGRAM = re.compile(r"""['"`<>\[\]{}]|0x[0-9a-f]|\bobject\b|[a-z]_[a-z]|error -\d""")


def _reason(error: Exception) -> str:
    text = printable(str(error)).strip(" .")
    if not isinstance(error, _SPEAKING) or not text or _PROGRAM.search(text):
        return ""
    return f" ({text})"


def printable(text: str, length: int = 120) -> str:
    """`text` without control characters, cut to `length`: safe in messages, JSON and databases."""
    clean = "".join(
        char if char.isprintable() or char in JOINERS else "?" for char in text[: length + 1]
    )
    return clean if len(clean) <= length else clean[: length - 1] + "…"

"""Opening a file with exactly one codec, and the versions of the codecs."""

from __future__ import annotations

import io
import warnings
from functools import lru_cache
from importlib.metadata import version

import PIL
from PIL import Image, features

from image_processor.engine.pixels.fonts import fonts_digest
from image_processor.engine.pixels.resample import libvips_version
from image_processor.engine.reading.extras import EXTRAS, PILLOW_NAMES
from image_processor.engine.reading.integrity.png import find_exif

ENGINE_RELEASE = 2

_CODECS = (
    "libjpeg_turbo",
    "webp",
    "avif",
    "zlib",
    "libtiff",
    "littlecms2",
    "freetype2",
    "raqm",
    "fribidi",
    "harfbuzz",
)
_COMPUTING = {"opencv": "opencv-python-headless", "numpy": "numpy"}


def open_image(data: bytes, format_name: str) -> Image.Image:
    """Read the header of `data` with the codec of one format and no other.

    Pillow's own pixel bound is turned off because `inspect` enforces the configured one right
    after opening, with the figures in its message. Pillow's warnings about odd metadata have no
    reader: what matters of them becomes a warning of the result or a refusal.
    Raises whatever the codec raises; call it within `decoder_errors`.
    """
    Image.MAX_IMAGE_PIXELS = None
    warnings.filterwarnings("ignore", module=r"PIL\.")
    plugins = [PILLOW_NAMES.get(format_name, format_name)]
    if format_name in ("JPEG", "MPO"):
        plugins = ["JPEG", "MPO"]
    image = Image.open(io.BytesIO(data), formats=plugins)
    if format_name == "PNG" and "exif" not in image.info:
        # Asked for EXIF, Pillow would decode all pixels to see whether it follows them.
        image.info["exif"] = find_exif(data)
    return image


@lru_cache(maxsize=1)
def engine_version() -> str:
    """What a result depends on besides its source and pipeline: our release, codecs, fonts.

    Without libvips Pillow resamples, which changes levels slightly. OpenCV is asked for its
    version by its package: importing it takes a tenth of a second.
    """
    versions = {name: features.version(name) for name in _CODECS}
    versions["libvips"] = libvips_version()
    versions |= {name: version(package) for name, package in _COMPUTING.items()}
    codecs = [f"{name}-{version}" for name, version in versions.items() if version]
    ours = [f"engine-{ENGINE_RELEASE}", f"fonts-{fonts_digest()}"]
    return "+".join([*ours, f"pillow-{PIL.__version__}", *codecs, *EXTRAS.values()])

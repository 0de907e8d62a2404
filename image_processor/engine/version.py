"""The version of the engine: everything that a result depends on besides source and pipeline."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version

import PIL
from PIL import features

from image_processor.engine.optional_formats import EXTRAS
from image_processor.engine.pixels.fonts import fonts_digest
from image_processor.engine.pixels.resample import libvips_version

ENGINE_RELEASE = 4

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
_PACKAGES = {"opencv": "opencv-python-headless", "numpy": "numpy"}


@lru_cache(maxsize=1)
def engine_version() -> str:
    """The engine's release and the versions of its codecs, libraries and fonts.

    libvips counts because Pillow, which resamples without it, gives slightly other levels. The
    version of OpenCV is that of its package: importing OpenCV takes a tenth of a second.
    """
    versions = {name: features.version(name) for name in _CODECS}
    versions["libvips"] = libvips_version()
    versions |= {name: version(package) for name, package in _PACKAGES.items()}
    codecs = [f"{name}-{version}" for name, version in versions.items() if version]
    ours = [f"engine-{ENGINE_RELEASE}", f"fonts-{fonts_digest()}"]
    return "+".join([*ours, f"pillow-{PIL.__version__}", *codecs, *EXTRAS.values()])

"""Loading what a first picture would load, before there is one."""

from __future__ import annotations

import importlib

from image_processor.engine.pixels import resample


def load_libraries() -> None:
    """Import OpenCV and start libvips. A process that has done this must not fork any more."""
    importlib.import_module("cv2")
    resample.start_libvips()

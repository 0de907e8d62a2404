"""Loading the native libraries ahead of the first image."""

from __future__ import annotations

import importlib

from image_processor.engine.pixels import resample


def preload_libraries() -> None:
    """Import OpenCV and start libvips. The process must not fork afterwards."""
    importlib.import_module("cv2")
    resample.load_libvips()

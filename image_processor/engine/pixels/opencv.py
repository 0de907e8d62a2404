"""OpenCV as `cv2`, imported on first use.

The import takes a tenth of a second and 30 MB. Planning and the web service do not need it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import cv2 as cv2
else:

    class _ImportOnUse:
        """A stand-in for the module that looks up every name in it."""

        def __getattr__(self, name: str) -> object:
            return getattr(importlib.import_module("cv2"), name)

    cv2 = _ImportOnUse()


# Error::Code::StsNoMem, which OpenCV's Python module does not name.
_NO_MEMORY = -4


def is_out_of_memory(error: Exception) -> bool:
    """Whether `error` is a MemoryError or OpenCV's error for the same."""
    if isinstance(error, MemoryError):
        return True
    return isinstance(error, cv2.error) and error.code == _NO_MEMORY

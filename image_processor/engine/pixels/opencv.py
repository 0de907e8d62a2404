"""OpenCV as `cv2`, imported when it is first used.

It takes a tenth of a second and 30 MB: only for those who work on pixels with it, not for who
plans or starts the web service.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import cv2 as cv2
else:

    class _WhenUsed:
        """Stands for the module, and looks every name up in it."""

        def __getattr__(self, name: str) -> object:
            return getattr(importlib.import_module("cv2"), name)

    cv2 = _WhenUsed()


# Error::Code::StsNoMem, which OpenCV's Python module does not name.
_NO_MEMORY = -4


def is_out_of_memory(error: Exception) -> bool:
    """Whether it is Python's MemoryError, or OpenCV's own word for it."""
    if isinstance(error, MemoryError):
        return True
    return isinstance(error, cv2.error) and error.code == _NO_MEMORY

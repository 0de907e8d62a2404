"""OpenCV, loaded by the first call that needs it.

It takes a fifth of a second and 45 MB, which a process that never paints should not spend: web
servers, the scheduler, and workers until they get such a step.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import cv2
else:

    class _OpenCV:
        def __getattr__(self, name: str) -> Any:
            return getattr(importlib.import_module("cv2"), name)

    cv2 = _OpenCV()

__all__ = ["cv2"]

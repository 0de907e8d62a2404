"""Face detection by the boosted cascade that ships with OpenCV.

Viola and Jones (2001), Lienhart (2002).
"""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path

from PIL import Image

from image_processor.engine.pixels.detection.box import Box
from image_processor.engine.pixels.detection.reduced import reduced
from image_processor.engine.pixels.opencv import cv2

_LONGEST_SIDE = 512
_SMALLEST_FACE = 24
_SCALE_STEP = 1.1
_MIN_NEIGHBOURS = 5

# A cascade stores the image it searches, so only one thread may use it at a time.
_CASCADE_LOCK = threading.Lock()


def faces(image: Image.Image) -> list[Box]:
    """Upright frontal faces in pixels of `image`, the largest first.

    The search runs on a gray copy of at most 512 pixels a side. It finds faces from about a
    twentieth of the longest side.
    """
    gray, factor = reduced(image, _LONGEST_SIDE, "L")
    if min(gray.shape) < _SMALLEST_FACE:
        return []
    even = cv2.equalizeHist(gray)
    # With several threads the order of the results would change from run to run.
    cv2.setNumThreads(1)
    with _CASCADE_LOCK:
        found = _cascade().detectMultiScale(
            even,
            scaleFactor=_SCALE_STEP,
            minNeighbors=_MIN_NEIGHBOURS,
            minSize=(_SMALLEST_FACE, _SMALLEST_FACE),
        )
    boxes = [
        Box(
            round(left * factor),
            round(top * factor),
            min(image.width, round((left + width) * factor)),
            min(image.height, round((top + height) * factor)),
        )
        for left, top, width, height in found
    ]
    return sorted(boxes, key=lambda box: (-box.area, box))


@lru_cache(maxsize=1)
def _cascade() -> cv2.CascadeClassifier:
    from cv2 import data

    path = Path(data.haarcascades) / "haarcascade_frontalface_alt2.xml"
    cascade = cv2.CascadeClassifier(str(path))
    if cascade.empty():
        raise RuntimeError(f"OpenCV's face cascade is not at {path}")
    return cascade

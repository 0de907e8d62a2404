"""The bundled fonts, by their names in requests."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Literal

from image_processor.engine.pixels.fonts.coverage import covered_characters

FontName = Literal["dejavu-sans", "dejavu-sans-bold"]

_FOLDER = Path(__file__).parent
_FILES: dict[str, str] = {
    "dejavu-sans": "DejaVuSans.ttf",
    "dejavu-sans-bold": "DejaVuSans-Bold.ttf",
}


def font_path(name: str) -> Path:
    """The file of a font. Raises KeyError for an unknown name."""
    return _FOLDER / _FILES[name]


@lru_cache(maxsize=len(_FILES))
def characters(name: str) -> frozenset[int]:
    """The code points that a font has a glyph for."""
    return covered_characters(font_path(name).read_bytes())


@lru_cache(maxsize=1)
def fonts_digest() -> str:
    """A digest of all bundled fonts. Part of the engine version: other fonts give other pixels."""
    digest = hashlib.sha256()
    for name in sorted(_FILES):
        digest.update(font_path(name).read_bytes())
    return digest.hexdigest()[:12]

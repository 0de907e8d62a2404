"""The pictures and values that are derived from every image: thumbnail, proxy, colours, hash."""

from image_processor.engine.derived.derive import (
    THUMBNAIL_SIDE,
    Derived,
    DerivedFile,
    derive,
    is_thumbnail,
    needs_proxy,
    thumbnail_of,
)

__all__ = [
    "THUMBNAIL_SIDE",
    "Derived",
    "DerivedFile",
    "derive",
    "is_thumbnail",
    "needs_proxy",
    "thumbnail_of",
]

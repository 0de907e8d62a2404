"""What is made of every picture: a thumbnail, a proxy of a large one, its colours, its hash."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace

from image_processor.engine.errors import decoder_errors
from image_processor.engine.facts import Facts
from image_processor.engine.interruption import Checkpoint, Deadline, no_checkpoint
from image_processor.engine.limits import Limits
from image_processor.engine.pixels.dominant_colours import dominant_colours
from image_processor.engine.pixels.thumbhash import thumbhash
from image_processor.engine.planning.pipeline import Pipeline
from image_processor.engine.reading.codecs import open_image
from image_processor.engine.reading.inspection import inspect
from image_processor.engine.render import Rendered, render

THUMBNAIL_SIDE = 512
PROXY_SIDE = 2048
_THUMBNAIL_QUALITY = 80
_PROXY_QUALITY = 90

# A picture that every browser shows as it is, and that a gallery may fetch.
_SHOWN = ("JPEG", "PNG", "WEBP")
_SHOWN_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Derived:
    """`colours`: see `dominant_colours`. `thumbhash`: in base64. `proxy`: None of a small picture.

    Thumbnail and proxy are upright, in sRGB, of the first frame, and tell nothing of where and
    by whom they were taken: JPEG, or WebP where there is alpha.
    """

    thumbnail: Rendered
    proxy: Rendered | None
    colours: list[str]
    thumbhash: str


def is_thumbnail(facts: Facts) -> bool:
    """Whether a picture of these facts is as good as a thumbnail of it."""
    return (
        max(facts.width, facts.height) <= THUMBNAIL_SIDE
        and facts.format in _SHOWN
        and facts.mode in ("L", "LA", "RGB", "RGBA")
        and facts.frames == 1
        and facts.orientation == 1
        and facts.icc_profile is None
        and facts.size_bytes <= _SHOWN_BYTES
    )


def wants_proxy(facts: Facts) -> bool:
    """Whether a picture of these facts is large enough for a proxy to help."""
    return max(facts.width, facts.height) > PROXY_SIDE


def derive(
    source: bytes,
    facts: Facts,
    limits: Limits,
    *,
    proxy: bool,
    checkpoint: Checkpoint = no_checkpoint,
    deadline: Deadline | None = None,
) -> Derived:
    """Make all of it of `source`; a proxy only if it is asked for and `wants_proxy`.

    Raises what `render` raises.
    """

    def within(side: int, quality: int, data: bytes, what: Facts) -> Rendered:
        pipeline = Pipeline.parse(
            [{"operation": "resize", "params": {"width": side, "height": side, "fit": "inside"}}],
            format="webp" if what.has_alpha else "jpeg",
            quality=quality,
            lossless=False,
            metadata="strip",
            background=None,
            default_quality=quality,
        )
        return render(data, what, pipeline, limits, checkpoint=checkpoint, deadline=deadline)

    still = replace(facts, frames=1)
    large = None
    if proxy and wants_proxy(facts):
        large = within(PROXY_SIDE, _PROXY_QUALITY, source, still)
        source, still = large.data, inspect(large.data, limits)
    small = within(THUMBNAIL_SIDE, _THUMBNAIL_QUALITY, source, still)
    with decoder_errors("reading the thumbnail"):
        image = open_image(small.data, small.format)
        image.load()
    return Derived(
        thumbnail=small,
        proxy=large,
        colours=dominant_colours(image),
        thumbhash=base64.b64encode(thumbhash(image)).decode(),
    )

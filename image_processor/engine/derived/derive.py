"""Making the thumbnail and the proxy of an image, its dominant colours and its ThumbHash."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace

from image_processor.engine.derived.dominant_colours import dominant_colours
from image_processor.engine.derived.thumbhash import thumbhash
from image_processor.engine.errors import decoder_errors
from image_processor.engine.facts import Facts
from image_processor.engine.interruption import Checkpoint, Deadline, no_checkpoint
from image_processor.engine.limits import Limits
from image_processor.engine.planning.pipeline import Pipeline
from image_processor.engine.reading.codecs import open_image
from image_processor.engine.reading.inspection import inspect
from image_processor.engine.render import Rendered, render

THUMBNAIL_SIDE = 512
PROXY_SIDE = 2048
_THUMBNAIL_QUALITY = 80
_PROXY_QUALITY = 90

# Formats that every browser shows, and the size up to which a gallery may load the file itself.
_BROWSER_FORMATS = ("JPEG", "PNG", "WEBP")
_MAX_THUMBNAIL_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Derived:
    """What is derived from one image.

    Thumbnail and proxy show the first frame, upright, in sRGB, without metadata: as JPEG, or as
    WebP if there is alpha. `proxy` is None for a small image. `colours` are those of
    `dominant_colours`. `thumbhash` is in base64.
    """

    thumbnail: Rendered
    proxy: Rendered | None
    colours: list[str]
    thumbhash: str


def is_thumbnail(facts: Facts) -> bool:
    """Whether an image can serve as its own thumbnail."""
    return (
        max(facts.width, facts.height) <= THUMBNAIL_SIDE
        and facts.format in _BROWSER_FORMATS
        and facts.mode in ("L", "LA", "RGB", "RGBA")
        and facts.frames == 1
        and facts.orientation == 1
        and facts.icc_profile is None
        and facts.colour is None
        and facts.size_bytes <= _MAX_THUMBNAIL_BYTES
    )


def needs_proxy(facts: Facts) -> bool:
    """Whether an image is larger than its proxy would be."""
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
    """Derive everything from `source`; a proxy only if `proxy` is set and `needs_proxy` agrees.

    Raises what `render` raises.
    """

    def render_within(side: int, quality: int, data: bytes, what: Facts) -> Rendered:
        pipeline = Pipeline.parse(
            [{"operation": "resize", "params": {"width": side, "height": side, "fit": "inside"}}],
            format="webp" if what.has_alpha else "jpeg",
            quality=quality,
            metadata="strip",
        )
        return render(data, what, pipeline, limits, checkpoint=checkpoint, deadline=deadline)

    still = replace(facts, frames=1)
    large = None
    if proxy and needs_proxy(facts):
        large = render_within(PROXY_SIDE, _PROXY_QUALITY, source, still)
        source, still = large.data, inspect(large.data, limits)
    small = render_within(THUMBNAIL_SIDE, _THUMBNAIL_QUALITY, source, still)
    with decoder_errors("reading the thumbnail"):
        image = open_image(small.data, small.format)
        image.load()
    return Derived(
        thumbnail=small,
        proxy=large,
        colours=dominant_colours(image),
        thumbhash=base64.b64encode(thumbhash(image)).decode(),
    )

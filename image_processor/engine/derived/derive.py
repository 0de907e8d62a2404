"""Making the thumbnail and the proxy of a picture, its dominant colours and its ThumbHash."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass, replace

from PIL import Image

from image_processor.engine.derived.dominant_colours import dominant_colours
from image_processor.engine.derived.thumbhash import MAX_SIDE, thumbhash
from image_processor.engine.facts import Facts
from image_processor.engine.interruption import Checkpoint, Deadline, no_checkpoint
from image_processor.engine.limits import Limits
from image_processor.engine.planning.pipeline import Pipeline
from image_processor.engine.render import Rendered, render

THUMBNAIL_SIDE = 512
PROXY_SIDE = 2048
_THUMBNAIL_QUALITY = 80
_PROXY_QUALITY = 90

# Formats that every browser shows, and the size up to which a gallery may load the file itself.
_BROWSER_FORMATS = ("JPEG", "PNG", "WEBP")
_MAX_THUMBNAIL_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class DerivedFile:
    """A thumbnail or proxy, and its facts."""

    data: bytes
    format: str
    width: int
    height: int
    mode: str

    @property
    def has_alpha(self) -> bool:
        return self.mode in ("LA", "RGBA")


@dataclass(frozen=True, slots=True)
class Derived:
    """What is derived from one picture.

    Thumbnail and proxy show the first frame, upright, in sRGB, without metadata: as JPEG, or as
    WebP if there is alpha. `proxy` is None for a small picture. `colours` are those of
    `dominant_colours`. `thumbhash` is in base64.
    """

    thumbnail: DerivedFile
    proxy: DerivedFile | None
    colours: list[str]
    thumbhash: str


def is_thumbnail(facts: Facts) -> bool:
    """Whether a picture can serve as its own thumbnail."""
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
    """Whether a picture is larger than its proxy would be."""
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
    """Derive everything from a file; a proxy only if `proxy` is set and `needs_proxy` agrees.

    Decodes the file once. Raises what `render` raises.
    """
    with_proxy = proxy and needs_proxy(facts)
    side = PROXY_SIDE if with_proxy else THUMBNAIL_SIDE
    pipeline = Pipeline.parse(
        [{"operation": "resize", "params": {"width": side, "height": side, "fit": "inside"}}],
        format="webp" if facts.has_alpha else "jpeg",
        quality=_PROXY_QUALITY if with_proxy else _THUMBNAIL_QUALITY,
        metadata="strip",
    )
    still = replace(facts, frames=1)
    made = render(source, still, pipeline, limits, checkpoint=checkpoint, deadline=deadline)
    file = DerivedFile(made.data, made.format, made.width, made.height, made.mode)
    if not with_proxy:
        return _describe(made.picture, file, None)
    small = _reduce(made.picture)
    return _describe(small, _encode(small), file)


def thumbnail_of(result: Rendered) -> DerivedFile:
    """Make the thumbnail of a result from its pixels."""
    return _encode(_reduce(_without_palette(result.picture)))


def _describe(small: Image.Image, thumbnail: DerivedFile, proxy: DerivedFile | None) -> Derived:
    tiny = small.convert("RGBA")
    tiny.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.BOX)
    return Derived(
        thumbnail=thumbnail,
        proxy=proxy,
        colours=dominant_colours(tiny),
        thumbhash=base64.b64encode(thumbhash(tiny)).decode(),
    )


def _without_palette(image: Image.Image) -> Image.Image:
    """The picture in a working mode; a PNG of few colours was written with a palette."""
    if image.mode == "P":
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    return image.convert("L") if image.mode == "1" else image


def _reduce(image: Image.Image) -> Image.Image:
    """The picture at the size of a thumbnail; never enlarged."""
    scale = min(1.0, THUMBNAIL_SIDE / max(image.size))
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    # Half as long as Lanczos, and as sharp as bicubic.
    return image.resize(size, Image.Resampling.HAMMING, reducing_gap=2.0)


def _encode(small: Image.Image) -> DerivedFile:
    """The thumbnail as a file; as a progressive JPEG, it would take seven times as long."""
    name = "WEBP" if small.mode in ("LA", "RGBA") else "JPEG"
    file = io.BytesIO()
    small.save(file, name, quality=_THUMBNAIL_QUALITY)
    return DerivedFile(file.getvalue(), name, *small.size, small.mode)

"""The colour channels and the alpha channel of an image: apart, together, flattened."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image


def split_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """The colours of `image` (`L` or `RGB`), and its alpha channel if it has one."""
    if image.mode == "LA":
        return image.getchannel("L"), image.getchannel("A")
    if image.mode == "RGBA":
        return image.convert("RGB"), image.getchannel("A")
    return image, None


def join_alpha(image: Image.Image, alpha: Image.Image | None) -> Image.Image:
    """A copy of `image` (`L` or `RGB`) with this alpha channel; `image` itself without one."""
    if alpha is None:
        return image
    joined = image.convert("LA" if image.mode == "L" else "RGBA")
    joined.putalpha(alpha)
    return joined


def on_colour(image: Image.Image, change: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """Apply `change` to the colours of `image` and keep its alpha."""
    if image.mode not in ("LA", "RGBA"):
        return change(image)
    # The colours get no name here, so that they are freed as soon as they have been changed.
    changed = change(image.getchannel("L") if image.mode == "LA" else image.convert("RGB"))
    return join_alpha(changed, image.getchannel("A"))


def on_premultiplied(
    image: Image.Image, change: Callable[[Image.Image], Image.Image]
) -> Image.Image:
    """Apply `change` to all channels of `image`, with the colours premultiplied by alpha."""
    if image.mode not in ("LA", "RGBA"):
        return change(image)
    # Pillow's filters know RGBa but not its gray form.
    colours = image if image.mode == "RGBA" else image.convert("RGBA")
    weighted = colours.convert("RGBa")
    del colours
    changed = change(weighted)
    del weighted
    changed = changed.convert("RGBA")
    return changed if image.mode == "RGBA" else changed.convert(image.mode)


def with_alpha(image: Image.Image) -> Image.Image:
    """`image` with an alpha channel: itself if it has one, else an opaque copy."""
    if image.mode in ("LA", "RGBA"):
        return image
    return image.convert("LA" if image.mode == "L" else "RGBA")


def to_gray(image: Image.Image) -> Image.Image:
    """`image` in gray (`L` or `LA`), by the luma weights of Rec. 601."""
    return image.convert("LA" if image.mode in ("LA", "RGBA") else "L")


def flatten(image: Image.Image, background: tuple[int, int, int, int], mode: str) -> Image.Image:
    """Composite `image` (with alpha) over a colour. The result has `mode`."""
    if mode in ("L", "RGB") and background[3] == 255:
        base = Image.new(mode, image.size, background[:3] if mode == "RGB" else background[0])
        base.paste(image.convert(mode), mask=image.getchannel("A"))
        return base
    base = Image.new("RGBA", image.size, background)
    base.alpha_composite(image if image.mode == "RGBA" else image.convert("RGBA"))
    return base if mode == "RGBA" else base.convert(mode)

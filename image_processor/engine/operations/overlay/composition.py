"""Compositing a mark over an image in place: once, or as tiles."""

from __future__ import annotations

from PIL import Image


def composite(image: Image.Image, mark: Image.Image, left: int, top: int) -> None:
    """Composite `mark` (RGBA) over `image` in place; parts outside are cut off."""
    box = (
        max(0, left),
        max(0, top),
        min(image.width, left + mark.width),
        min(image.height, top + mark.height),
    )
    if box[0] >= box[2] or box[1] >= box[3]:
        return
    part = mark.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
    if image.mode in ("LA", "RGBA"):
        below = image.crop(box)
        image.paste(Image.alpha_composite(below, part.convert(image.mode)), box)
    else:
        image.paste(part.convert(image.mode), box, part.getchannel("A"))


def composite_tiles(image: Image.Image, mark: Image.Image, margin: int) -> None:
    """Cover `image` with rows of marks, every second row shifted by half a step."""
    step_x = mark.width + mark.width // 4 + margin + 1
    step_y = 2 * mark.height + margin
    for parity, start in enumerate((-mark.width // 2, -mark.width // 2 - step_x // 2)):
        row = Image.new("RGBA", (image.width, min(mark.height, image.height)))
        for left in range(start, image.width, step_x):
            row.paste(mark, (left, 0))
        for top in range(mark.height // 2 + parity * step_y, image.height, 2 * step_y):
            composite(image, row, 0, top)

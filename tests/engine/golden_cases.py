"""The golden pictures: `python -m tests.engine.golden_cases NAME...` writes those named.

Without names it writes those that are missing. Look at each before committing it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from PIL import Image

from tests.engine.builders import encoded, gradient, logo, opened, photo, run, step

FOLDER = Path(__file__).parent / "golden"

CASES: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "resize-fill": ("cat", [step("resize", width=80, height=80)]),
    "resize-contain": ("cat", [step("resize", width=80, height=80, fit="contain")]),
    "resize-cover-west": (
        "cat",
        [step("resize", width=60, height=90, fit="cover", anchor="west")],
    ),
    "resize-nearest": ("cat", [step("resize", width=40, kernel="nearest")]),
    "resize-alpha": ("clear", [step("resize", width=60)]),
    "crop": ("cat", [step("crop", x=40, y=20, width=70, height=50)]),
    "crop-aspect": ("cat", [step("crop", aspect="1:1", anchor="east")]),
    "rotate": ("cat", [step("rotate", degrees=20)]),
    "rotate-keep-size": (
        "cat",
        [step("rotate", degrees=-35, expand=False, background="navy")],
    ),
    "flip": ("cat", [step("flip")]),
    "mirror": ("cat", [step("mirror")]),
    "grayscale": ("cat", [step("grayscale")]),
    "grayscale-half": ("cat", [step("grayscale", amount=0.5)]),
    "sepia": ("cat", [step("sepia")]),
    "invert": ("cat", [step("invert")]),
    "blur": ("cat", [step("blur", radius=3)]),
    "blur-alpha": ("clear", [step("blur", radius=3)]),
    "sharpen": ("cat", [step("sharpen", amount=250)]),
    "denoise": ("cat", [step("denoise", strength=0.5)]),
    "pixelate": ("cat", [step("pixelate", size=8)]),
    "pixelate-alpha": ("clear", [step("pixelate", size=7)]),
    "pixelate-region": (
        "cat",
        [step("pixelate", size=6, region={"x": 40, "y": 20, "width": 61, "height": 33})],
    ),
    "vignette": ("cat", [step("vignette", amount=0.8)]),
    "vignette-color": ("cat", [step("vignette", amount=0.6, color="gold")]),
    "trim": ("cat", [step("border", width=9, color="#123"), step("trim")]),
    "trim-alpha": ("clear", [step("trim")]),
    "pad": ("cat", [step("pad", left=5, right=20, bottom=10, background="teal")]),
    "pad-size": ("clear", [step("pad", width=100, height=100)]),
    "border": ("cat", [step("border", width=6, color="#ffffff80")]),
    "round-corners": ("cat", [step("round_corners", radius=20)]),
    "round-corners-disc": (
        "cat",
        [step("crop", aspect="1:1"), step("round_corners", radius="50%")],
    ),
    "brightness": ("cat", [step("brightness", amount=40)]),
    "contrast": ("cat", [step("contrast", amount=50)]),
    "contrast-less": ("cat", [step("contrast", amount=-50)]),
    "saturation": ("cat", [step("saturation", amount=80)]),
    "gamma": ("cat", [step("gamma", amount=2.2)]),
    "hue": ("cat", [step("hue", amount=120)]),
    "temperature-warm": ("cat", [step("temperature", amount=60)]),
    "temperature-cold": ("cat", [step("temperature", amount=-60)]),
    "auto-contrast": ("cat", [step("contrast", amount=-60), step("auto_contrast", cutoff=0.5)]),
    "equalize": ("cat", [step("equalize")]),
    "tint": ("cat", [step("tint", color="#2060e0", amount=0.6)]),
    "duotone": ("cat", [step("duotone")]),
    "posterize": ("cat", [step("posterize", levels=3)]),
    "solarize": ("cat", [step("solarize", threshold=100)]),
    "watermark-diagonal": ("cat", [step("watermark", text="© Jane Doe", size=60)]),
    "watermark-tile": (
        "cat",
        [step("watermark", text="SAMPLE", position="tile", size=30, rotation=-20, margin=4)],
    ),
    "watermark-corner": (
        "cat",
        [
            step(
                "watermark",
                watermark_text="Jane 2026",
                position="southeast",
                size=45,
                opacity=1,
                color="gold",
                margin=6,
            )
        ],
    ),
    "watermark-alpha": ("clear", [step("watermark", text="SAMPLE", size=80, color="black")]),
    "watermark-bold": (
        "cat",
        [
            step(
                "watermark",
                text="Ωμέγα Жук",
                position="center",
                size=80,
                font="dejavu-sans-bold",
                opacity=0.9,
            )
        ],
    ),
    "watermark-image": ("cat", [step("watermark", image_id=1, opacity=0.9, size=40, margin=8)]),
    "watermark-image-diagonal": (
        "clear",
        [step("watermark", image_id=1, position="diagonal", size=70)],
    ),
    "watermark-image-tile": (
        "cat",
        [step("watermark", image_id=1, position="tile", size=15, rotation=30)],
    ),
    **{
        f"{name}{suffix}": (kind, [step(name)])
        for name in (
            "cartoon",
            "sketch",
            "color_pencil",
            "oil_painting",
            "watercolor",
            "pop_art",
        )
        for suffix, kind in (("", "cat"), ("-alpha", "clear"))
    },
    "cartoon-half": ("cat", [step("cartoon", strength=0.5)]),
    "pop_art-comic": ("cat", [step("pop_art", palette="comic", levels=3, dots=1, dot_size=4)]),
    "crop-smart": ("cat", [step("crop", width=50, height=50, anchor="smart")]),
    **{
        f"filter-{name}": ("cat", [step("apply_filter", **{name: True})])
        for name in (
            "grayscale",
            "sepia",
            "blur",
            "sharpen",
            "invert",
            "emboss",
            "edges",
            "contour",
            "detail",
            "smooth",
            "solarize",
            "posterize",
            "vignette",
        )
    },
}


def source(name: str) -> bytes:
    """`cat`: an opaque photograph, 150x100. `clear`: a red disc on nothing, 90x60."""
    if name == "cat":
        return encoded(opened(photo("chelsea.png")).convert("RGB").resize((150, 100)), "PNG")
    disc = Image.new("RGBA", (90, 60), (0, 0, 255, 0))
    mask = gradient(90, 60).getchannel("B").point(lambda value: 255 if value < 128 else 0)
    disc.paste((220, 30, 30, 255), mask=mask)
    return encoded(disc, "PNG")


def result(name: str) -> bytes:
    kind, steps = CASES[name]
    return run(source(kind), *steps, format="png", overlays={1: logo()}).data


if __name__ == "__main__":
    for case in sys.argv[1:] or [n for n in CASES if not (FOLDER / f"{n}.png").exists()]:
        (FOLDER / f"{case}.png").write_bytes(result(case))
        print(case)

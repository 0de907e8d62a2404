"""Tables of what each operation takes and what it refuses, with the code and the place."""

from typing import Any

import pytest
from PIL import ImageColor

from image_processor.engine import InvalidPipeline, Pipeline
from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.parameters import parse_colour

VALID: dict[str, list[dict[str, Any]]] = {
    "resize": [
        {"width": 1},
        {"height": 16_384},
        {"width": 800, "height": 600},
        {"width": 800, "height": None},
        {"width": 5, "fit": "contain"},
        {"width": 5, "height": 5, "fit": "cover", "anchor": "northwest"},
        {"width": 5, "fit": "inside", "upscale": False, "kernel": "nearest"},
        {"height": 5, "fit": "outside", "kernel": "hamming"},
    ],
    "crop": [
        {"x": 0, "y": 0, "width": 1, "height": 1},
        {"width": 10, "height": 10},
        {"width": 10, "height": 10, "anchor": "south"},
        {"aspect": "16:9"},
        {"aspect": "1:99999", "anchor": "east"},
    ],
    "rotate": [
        {"degrees": 0},
        {"degrees": -360},
        {"degrees": 360.0},
        {"degrees": 33.3, "expand": False, "background": "transparent"},
        {"degrees": 1, "background": "#abc"},
    ],
    "flip": [{}],
    "mirror": [{}],
    "grayscale": [{}, {"amount": 0}, {"amount": 0.5}, {"amount": 1}],
    "sepia": [{}, {"amount": 0.0}, {"amount": 1.0}],
    "invert": [{}, {"amount": 0.3}],
    "trim": [{}, {"tolerance": 0}, {"tolerance": 255}],
    "pad": [
        {"width": 1},
        {"height": 16_384},
        {"width": 800, "height": 600, "background": "#abc"},
        {"top": 0},
        {"top": 1, "right": 2, "bottom": 3, "left": 16_384, "background": "transparent"},
    ],
    "round_corners": [
        {"radius": 0},
        {"radius": 8192},
        {"radius": "0%"},
        {"radius": "12.5%"},
        {"radius": "50%"},
        {"radius": "50.0%"},
    ],
    "border": [{"width": 1}, {"width": 16_384, "color": "#12345678"}],
    "brightness": [{"amount": 0}, {"amount": -100}, {"amount": 100.0}],
    "contrast": [{"amount": -100}, {"amount": 0.5}],
    "saturation": [{"amount": -100}, {"amount": 100}],
    "gamma": [{"amount": 0.1}, {"amount": 1}, {"amount": 10}],
    "hue": [{"amount": -360}, {"amount": 0}, {"amount": 359.9}],
    "temperature": [{"amount": -100}, {"amount": 100}],
    "auto_contrast": [{}, {"cutoff": 0}, {"cutoff": 49}],
    "equalize": [{}, {"cutoff": 2.5}],
    "tint": [{"color": "red"}, {"color": "#123456", "amount": 0}],
    "duotone": [{}, {"shadows": "navy", "highlights": "#fff", "amount": 0.5}],
    "posterize": [{}, {"levels": 2}, {"levels": 256}],
    "solarize": [{}, {"threshold": 0}, {"threshold": 255}],
    "denoise": [{}, {"strength": 0}, {"strength": 1}],
    "pixelate": [
        {},
        {"size": 1},
        {"size": 16_384},
        {"region": None},
        {"size": 4, "region": {"x": 0, "y": 65_535, "width": 1, "height": 16_384}},
    ],
    "vignette": [{}, {"amount": 0}, {"amount": 1, "color": "white"}],
    "blur": [{}, {"radius": 0.1}, {"radius": 100}],
    "sharpen": [{}, {"amount": 0}, {"amount": 500, "radius": 0.1, "threshold": 255}],
    "apply_filter": [{"grayscale": True}, {"blur": True, "sepia": True, "emboss": False}],
    "watermark": [
        {"text": "x"},
        {"watermark_text": "© Jane & Co. 2026"},
        {"text": "x" * 200, "position": "tile", "size": 1, "margin": 0},
        {"text": "x", "opacity": 0, "rotation": -360, "color": "rebeccapurple"},
        {"text": "x", "position": "southeast", "color": "#12345678", "size": 100},
    ],
    "compress": [
        {"quality": 1},
        {"quality": 100},
        {"max_bytes": 100},
        {"max_bytes": 5000, "min_quality": 30},
        {"max_bytes": 5000, "min_quality": 30, "quality": 30},
        {"lossless": True},
    ],
    "change_format": [{"format": name} for name in ("jpeg", "JPG", "png", "WebP", "gif", "avif")],
}

REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("resize", {}, "", "missing"),
    ("resize", {"width": None, "height": None}, "", "missing"),
    ("resize", {"width": 0}, "/width", "greater_than_equal"),
    ("resize", {"width": -5}, "/width", "greater_than_equal"),
    ("resize", {"width": 16_385}, "/width", "less_than_equal"),
    ("resize", {"width": 10**400}, "/width", "less_than_equal"),
    ("resize", {"width": True}, "/width", "type"),
    ("resize", {"width": "5"}, "/width", "type"),
    ("resize", {"width": 5.0}, "/width", "type"),
    ("resize", {"width": float("nan")}, "/width", "type"),
    ("resize", {"width": [5]}, "/width", "type"),
    ("resize", {"width": 5, "fit": "stretch"}, "/fit", "not_a_choice"),
    ("resize", {"width": 5, "anchor": "smart"}, "/anchor", "not_a_choice"),
    ("resize", {"width": 5, "upscale": 1}, "/upscale", "type"),
    ("resize", {"width": 5, "heigth": 5}, "/heigth", "unknown_parameter"),
    ("crop", {}, "", "missing"),
    ("crop", {"x": 0, "y": 0}, "", "missing"),
    ("crop", {"x": 0, "width": 5, "height": 5}, "", "missing"),
    ("crop", {"x": -1, "y": 0, "width": 5, "height": 5}, "/x", "greater_than_equal"),
    ("crop", {"x": 0, "y": 0, "width": 0, "height": 5}, "/width", "greater_than_equal"),
    ("crop", {"x": 0, "y": 0, "width": 5, "height": 5, "anchor": "north"}, "", "conflict"),
    ("crop", {"aspect": "16:9", "width": 5}, "", "conflict"),
    ("crop", {"aspect": "16/9"}, "/aspect", "aspect"),
    ("crop", {"aspect": "0:9"}, "/aspect", "aspect"),
    ("crop", {"aspect": "١:٢"}, "/aspect", "aspect"),
    ("crop", {"aspect": "1:2\n"}, "/aspect", "aspect"),
    ("crop", {"aspect": 1.5}, "/aspect", "type"),
    ("rotate", {}, "/degrees", "missing"),
    ("rotate", {"degrees": 361}, "/degrees", "less_than_equal"),
    ("rotate", {"degrees": float("inf")}, "/degrees", "type"),
    ("rotate", {"degrees": float("nan")}, "/degrees", "type"),
    ("rotate", {"degrees": "90"}, "/degrees", "type"),
    ("rotate", {"degrees": True}, "/degrees", "type"),
    ("rotate", {"degrees": 5, "background": "grassy"}, "/background", "colour"),
    ("rotate", {"degrees": 5, "background": "rgb(1,2,3)"}, "/background", "colour"),
    ("rotate", {"degrees": 5, "background": "#ggg"}, "/background", "colour"),
    ("flip", {"axis": "x"}, "/axis", "unknown_parameter"),
    ("grayscale", {"amount": 1.01}, "/amount", "less_than_equal"),
    ("sepia", {"amount": -0.01}, "/amount", "greater_than_equal"),
    ("invert", {"amount": None}, "/amount", "type"),
    ("trim", {"tolerance": -1}, "/tolerance", "greater_than_equal"),
    ("trim", {"tolerance": 256}, "/tolerance", "less_than_equal"),
    ("trim", {"tolerance": 1.5}, "/tolerance", "type"),
    ("pad", {}, "", "missing"),
    ("pad", {"background": "red"}, "", "missing"),
    ("pad", {"width": 5, "top": 5}, "", "conflict"),
    ("pad", {"top": -1}, "/top", "greater_than_equal"),
    ("pad", {"left": 16_385}, "/left", "less_than_equal"),
    ("pad", {"width": 0}, "/width", "greater_than_equal"),
    ("pad", {"width": 5, "background": "reddish"}, "/background", "colour"),
    ("round_corners", {}, "/radius", "missing"),
    ("round_corners", {"radius": -1}, "/radius", "greater_than_equal"),
    ("round_corners", {"radius": 8193}, "/radius", "less_than_equal"),
    ("round_corners", {"radius": 10**400}, "/radius", "less_than_equal"),
    ("round_corners", {"radius": 2.5}, "/radius", "length"),
    ("round_corners", {"radius": True}, "/radius", "length"),
    ("round_corners", {"radius": "51%"}, "/radius", "length"),
    ("round_corners", {"radius": "50.1%"}, "/radius", "length"),
    ("round_corners", {"radius": "10 %"}, "/radius", "length"),
    ("round_corners", {"radius": "10px"}, "/radius", "length"),
    ("round_corners", {"radius": "٣%"}, "/radius", "length"),
    ("round_corners", {"radius": [1]}, "/radius", "length"),
    ("border", {}, "/width", "missing"),
    ("border", {"width": 0}, "/width", "greater_than_equal"),
    ("border", {"width": 16_385}, "/width", "less_than_equal"),
    ("brightness", {}, "/amount", "missing"),
    ("brightness", {"amount": 101}, "/amount", "less_than_equal"),
    ("contrast", {"amount": -101}, "/amount", "greater_than_equal"),
    ("saturation", {"amount": "5"}, "/amount", "type"),
    ("gamma", {"amount": 0}, "/amount", "greater_than_equal"),
    ("gamma", {"amount": 11}, "/amount", "less_than_equal"),
    ("hue", {"amount": 361}, "/amount", "less_than_equal"),
    ("temperature", {"amount": True}, "/amount", "type"),
    ("auto_contrast", {"cutoff": 50}, "/cutoff", "less_than_equal"),
    ("equalize", {"cutoff": -1}, "/cutoff", "greater_than_equal"),
    ("tint", {}, "/color", "missing"),
    ("tint", {"color": "#11223344"}, "/color", "colour"),
    ("tint", {"color": "red", "amount": 2}, "/amount", "less_than_equal"),
    ("duotone", {"shadows": "transparent"}, "/shadows", "colour"),
    ("duotone", {"highlights": 5}, "/highlights", "type"),
    ("posterize", {"levels": 1}, "/levels", "greater_than_equal"),
    ("posterize", {"levels": 257}, "/levels", "less_than_equal"),
    ("solarize", {"threshold": 256}, "/threshold", "less_than_equal"),
    ("denoise", {"strength": 1.1}, "/strength", "less_than_equal"),
    ("pixelate", {"size": 0}, "/size", "greater_than_equal"),
    ("pixelate", {"size": 16_385}, "/size", "less_than_equal"),
    ("pixelate", {"region": 5}, "/region", "type"),
    ("pixelate", {"region": {"x": 1, "y": 1, "width": 1}}, "/region/height", "missing"),
    (
        "pixelate",
        {"region": {"x": -1, "y": 1, "width": 1, "height": 1}},
        "/region/x",
        "greater_than_equal",
    ),
    (
        "pixelate",
        {"region": {"x": 1, "y": 1, "width": 1, "height": 1, "z": 1}},
        "/region/z",
        "unknown_parameter",
    ),
    ("vignette", {"amount": -0.1}, "/amount", "greater_than_equal"),
    ("vignette", {"color": "#0000"}, "/color", "colour"),
    ("blur", {"radius": 0}, "/radius", "greater_than_equal"),
    ("blur", {"radius": 1e308}, "/radius", "less_than_equal"),
    ("sharpen", {"threshold": 256}, "/threshold", "less_than_equal"),
    ("sharpen", {"amount": 501}, "/amount", "less_than_equal"),
    ("apply_filter", {}, "", "missing"),
    ("apply_filter", {"grayscale": False}, "", "missing"),
    ("apply_filter", {"grayscale": 1}, "/grayscale", "type"),
    ("apply_filter", {"grayscale": "true"}, "/grayscale", "type"),
    ("apply_filter", {"cartoon": True}, "/cartoon", "unknown_parameter"),
    ("watermark", {}, "/text", "missing"),
    ("watermark", {"text": ""}, "/text", "too_short"),
    ("watermark", {"text": "   "}, "/text", "blank"),
    ("watermark", {"text": "x" * 201}, "/text", "too_long"),
    ("watermark", {"text": "x", "watermark_text": "y"}, "/watermark_text", "unknown_parameter"),
    ("watermark", {"text": "\ud800"}, "/text", "type"),
    ("watermark", {"text": "a\0b"}, "/text", "unsupported_character"),
    ("watermark", {"text": "a\nb"}, "/text", "unsupported_character"),
    ("watermark", {"text": "你好"}, "/text", "unsupported_character"),
    ("watermark", {"text": "שלום"}, "/text", "unsupported_character"),
    ("watermark", {"text": "hi 😀"}, "/text", "unsupported_character"),
    ("watermark", {"text": "a\u202eb"}, "/text", "unsupported_character"),
    ("watermark", {"text": "x", "size": 0}, "/size", "greater_than_equal"),
    ("watermark", {"text": "x", "size": 101}, "/size", "less_than_equal"),
    ("watermark", {"text": "x", "margin": -1}, "/margin", "greater_than_equal"),
    ("watermark", {"text": "x", "position": "top"}, "/position", "not_a_choice"),
    ("compress", {}, "", "missing"),
    ("compress", {"lossless": False}, "", "missing"),
    ("compress", {"quality": 0}, "/quality", "greater_than_equal"),
    ("compress", {"max_bytes": 99}, "/max_bytes", "greater_than_equal"),
    ("compress", {"quality": 50, "lossless": True}, "", "conflict"),
    ("compress", {"quality": 50, "min_quality": 20}, "", "conflict"),
    ("compress", {"quality": 50, "min_quality": 60, "max_bytes": 999}, "", "conflict"),
    ("change_format", {}, "/format", "missing"),
    ("change_format", {"format": "bmp"}, "/format", "unknown_format"),
    ("change_format", {"format": "svg"}, "/format", "unknown_format"),
]


def test_every_operation_has_its_tables() -> None:
    names = {operation.name for operation in OPERATIONS}
    assert set(VALID) == names
    assert {name for name, *_ in REFUSED} == names - {"mirror"}


@pytest.mark.parametrize(
    ("name", "params"), [(name, params) for name, rows in VALID.items() for params in rows]
)
def test_valid_parameters(name: str, params: dict[str, Any]) -> None:
    assert len(Pipeline.parse([{"operation": name, "params": params}]).operations) == 1


@pytest.mark.parametrize(("name", "params", "place", "code"), REFUSED)
def test_refused_parameters(name: str, params: dict[str, Any], place: str, code: str) -> None:
    with pytest.raises(InvalidPipeline) as caught:
        Pipeline.parse([{"operation": name, "params": params}])
    assert [(problem.pointer, problem.code) for problem in caught.value.errors] == [
        (f"/transformations/0/params{place}", code)
    ]


def test_a_character_without_a_glyph_is_named() -> None:
    with pytest.raises(InvalidPipeline, match=r'"é" \(U\+00E9, LATIN SMALL LETTER E WITH ACUTE\)'):
        Pipeline.parse([{"operation": "watermark", "params": {"text": "cafe\u0301"}}])


@pytest.mark.parametrize(
    ("colour", "wanted"),
    [
        ("#ABC", "#aabbccff"),
        ("#a1b2c3", "#a1b2c3ff"),
        ("#A1B2C380", "#a1b2c380"),
        (" Red ", "#ff0000ff"),
        ("rebeccapurple", "#663399ff"),
        ("transparent", "#00000000"),
    ],
)
def test_colours_have_one_form(colour: str, wanted: str) -> None:
    assert parse_colour(colour) == wanted
    # Pillow changes its table of names when it looks one up.
    ImageColor.getrgb(colour.strip() if colour != "transparent" else "red")
    assert parse_colour(colour) == wanted

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
        {"width": 5, "height": 5, "fit": "cover", "anchor": "smart"},
        {"width": 5, "height": 5, "fit": "cover", "anchor": "face"},
        {"width": 5, "height": 5, "anchor": "focal", "focal_x": 0, "focal_y": 1},
        {"width": 5, "fit": "inside", "upscale": False, "kernel": "nearest"},
        {"height": 5, "fit": "outside", "kernel": "hamming"},
    ],
    "crop": [
        {"x": 0, "y": 0, "width": 1, "height": 1},
        {"width": 10, "height": 10},
        {"width": 10, "height": 10, "anchor": "south"},
        {"aspect": "16:9"},
        {"aspect": "1:99999", "anchor": "east"},
        {"aspect": "1:1", "anchor": "smart"},
        {"aspect": "1:1", "anchor": "face"},
        {"width": 5, "height": 5, "anchor": "focal"},
        {"width": 5, "height": 5, "anchor": "focal", "focal_x": 0.5, "focal_y": 0.25},
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
    "blur": [{}, {"radius": 0.1}, {"radius": 100}],
    "sharpen": [{}, {"amount": 0}, {"amount": 500, "radius": 0.1, "threshold": 255}],
    "apply_filter": [{"grayscale": True}, {"blur": True, "sepia": True, "emboss": False}],
    "cartoon": [
        {},
        {"strength": 0, "levels": 2, "edges": 0, "line_width": 0.5, "saturation": 0},
        {"strength": 1, "levels": 16, "edges": 1, "line_width": 10, "saturation": 3},
    ],
    "sketch": [{}, {"strength": 0.5, "edges": 0, "shading": 1, "paper": 0}],
    "color_pencil": [{}, {"edges": 1, "pressure": 0, "saturation": 3, "paper": 1}],
    "oil_painting": [{}, {"brush_size": 0.2, "relief": 0}, {"brush_size": 3, "saturation": 0}],
    "watercolor": [{}, {"brush_size": 3, "bleed": 1, "edges": 0, "paper": 1}],
    "pop_art": [
        {},
        {"palette": "retro", "levels": 2, "dots": 0, "edges": 0},
        {"palette": "neon", "levels": 5, "dots": 1, "dot_size": 5},
    ],
    "watermark": [
        {"text": "x"},
        {"watermark_text": "© Jane & Co. 2026"},
        {"text": "x" * 200, "position": "tile", "size": 1, "margin": 0},
        {"text": "x", "opacity": 0, "rotation": -360, "color": "rebeccapurple"},
        {"text": "x", "position": "southeast", "color": "#12345678", "size": 100},
        {"text": "x", "font": "dejavu-sans-bold"},
        {"text": "cafe\u0301"},
        {"text": "Ωμέγα Жук Հայ ქართ"},
        {"text": "hi 😀"},
        {"image_id": 1},
        {"image_id": 2**53 - 1, "position": "tile", "size": 5, "opacity": 1, "rotation": 3},
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
    ("resize", {"width": 5, "anchor": "middle"}, "/anchor", "not_a_choice"),
    ("resize", {"width": 5, "focal_x": 0.5, "focal_y": 0.5}, "", "conflict"),
    ("resize", {"width": 5, "anchor": "focal", "focal_x": 0.5}, "", "missing"),
    ("resize", {"width": 5, "anchor": "focal", "focal_y": 1.5}, "/focal_y", "less_than_equal"),
    ("resize", {"width": 5, "upscale": 1}, "/upscale", "type"),
    ("resize", {"width": 5, "heigth": 5}, "/heigth", "unknown_parameter"),
    ("crop", {}, "", "missing"),
    ("crop", {"x": 0, "y": 0}, "", "missing"),
    ("crop", {"x": 0, "width": 5, "height": 5}, "", "missing"),
    ("crop", {"x": -1, "y": 0, "width": 5, "height": 5}, "/x", "greater_than_equal"),
    ("crop", {"x": 0, "y": 0, "width": 0, "height": 5}, "/width", "greater_than_equal"),
    ("crop", {"x": 0, "y": 0, "width": 5, "height": 5, "anchor": "north"}, "", "conflict"),
    ("crop", {"x": 0, "y": 0, "width": 5, "height": 5, "anchor": "smart"}, "", "conflict"),
    ("crop", {"aspect": "1:1", "anchor": "smart", "focal_x": 0.1}, "", "conflict"),
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
    ("blur", {"radius": 0}, "/radius", "greater_than_equal"),
    ("blur", {"radius": 1e308}, "/radius", "less_than_equal"),
    ("sharpen", {"threshold": 256}, "/threshold", "less_than_equal"),
    ("sharpen", {"amount": 501}, "/amount", "less_than_equal"),
    ("apply_filter", {}, "", "missing"),
    ("apply_filter", {"grayscale": False}, "", "missing"),
    ("apply_filter", {"grayscale": 1}, "/grayscale", "type"),
    ("apply_filter", {"grayscale": "true"}, "/grayscale", "type"),
    ("apply_filter", {"cartoon": True}, "/cartoon", "unknown_parameter"),
    ("cartoon", {"strength": 1.1}, "/strength", "less_than_equal"),
    ("cartoon", {"levels": 1}, "/levels", "greater_than_equal"),
    ("cartoon", {"levels": 17}, "/levels", "less_than_equal"),
    ("cartoon", {"levels": 4.0}, "/levels", "type"),
    ("cartoon", {"line_width": 0.4}, "/line_width", "greater_than_equal"),
    ("sketch", {"shading": -0.1}, "/shading", "greater_than_equal"),
    ("sketch", {"color": "red"}, "/color", "unknown_parameter"),
    ("color_pencil", {"saturation": 3.1}, "/saturation", "less_than_equal"),
    ("color_pencil", {"pressure": "hard"}, "/pressure", "type"),
    ("oil_painting", {"brush_size": 0.1}, "/brush_size", "greater_than_equal"),
    ("oil_painting", {"brush_size": 3.1}, "/brush_size", "less_than_equal"),
    ("watercolor", {"bleed": 2}, "/bleed", "less_than_equal"),
    ("watercolor", {"strength": None}, "/strength", "type"),
    ("pop_art", {"palette": "beige"}, "/palette", "not_a_choice"),
    ("pop_art", {"levels": 6}, "/levels", "less_than_equal"),
    ("pop_art", {"dot_size": 0.2}, "/dot_size", "greater_than_equal"),
    ("watermark", {}, "", "missing"),
    ("watermark", {"color": "red"}, "", "missing"),
    ("watermark", {"text": "x", "image_id": 1}, "", "conflict"),
    ("watermark", {"image_id": 1, "color": "red"}, "", "conflict"),
    ("watermark", {"image_id": 1, "font": "dejavu-sans"}, "", "conflict"),
    ("watermark", {"image_id": 0}, "/image_id", "greater_than_equal"),
    ("watermark", {"image_id": 2**53}, "/image_id", "less_than_equal"),
    ("watermark", {"image_id": "1"}, "/image_id", "type"),
    ("watermark", {"text": "x", "font": "Arial"}, "/font", "not_a_choice"),
    ("watermark", {"text": ""}, "/text", "too_short"),
    ("watermark", {"text": "   "}, "/text", "blank"),
    ("watermark", {"text": "x" * 201}, "/text", "too_long"),
    ("watermark", {"text": "x", "watermark_text": "y"}, "/watermark_text", "unknown_parameter"),
    ("watermark", {"text": "\ud800"}, "/text", "type"),
    ("watermark", {"text": "a\0b"}, "/text", "unsupported_character"),
    ("watermark", {"text": "a\nb"}, "/text", "unsupported_character"),
    ("watermark", {"text": "你好"}, "/text", "unsupported_character"),
    ("watermark", {"text": "नमस्ते"}, "/text", "unsupported_character"),
    ("watermark", {"text": "สวัสดี"}, "/text", "unsupported_character"),
    ("watermark", {"text": "hi 🌅"}, "/text", "unsupported_character"),
    ("watermark", {"text": "a\u2028b"}, "/text", "unsupported_character"),
    ("watermark", {"text": "\u2800\u200d"}, "/text", "blank"),
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
    named = r'"你" \(U\+4F60, CJK UNIFIED IDEOGRAPH-4F60\), which the font dejavu-sans cannot draw'
    with pytest.raises(InvalidPipeline, match=named):
        Pipeline.parse([{"operation": "watermark", "params": {"text": "你好"}}])


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

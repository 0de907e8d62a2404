"""Pixels only: header facts, validated pipelines, plans and renders.

Needs neither Django nor Celery: `python -m image_processor.engine in.jpg out.webp --pipeline p`.
"""

from image_processor.engine.errors import (
    CanvasTooSmall,
    CropOutsideImage,
    EncodeFailed,
    FileTooLarge,
    InvalidImage,
    InvalidPipeline,
    LosslessUnavailable,
    NoFaceFound,
    OutputTooLarge,
    OverlayMissing,
    RadiusTooLarge,
    RegionOutsideImage,
    SideTooLong,
    SideTooShort,
    TookTooLong,
    TooManyFrames,
    TooManyPixels,
    TooMuchMemory,
    TooMuchWork,
    UnsupportedFormat,
)
from image_processor.engine.facts import Facts
from image_processor.engine.interruption import Deadline
from image_processor.engine.limits import Limits
from image_processor.engine.planning.catalogue import (
    JSON_SCHEMA_REF,
    OPENAPI_REF,
    catalogue,
    options_schema,
    pipeline_schema,
)
from image_processor.engine.planning.pipeline import Pipeline
from image_processor.engine.planning.planner import Plan, plan
from image_processor.engine.preview import Preview, preview, scale_wanted
from image_processor.engine.reading.codecs import ENGINE_RELEASE, engine_version
from image_processor.engine.reading.inspection import inspect
from image_processor.engine.reading.overlays import Overlay
from image_processor.engine.render import Rendered, render
from image_processor.engine.writing.formats import content_type, extension

__all__ = [
    "ENGINE_RELEASE",
    "JSON_SCHEMA_REF",
    "OPENAPI_REF",
    "CanvasTooSmall",
    "CropOutsideImage",
    "Deadline",
    "EncodeFailed",
    "Facts",
    "FileTooLarge",
    "InvalidImage",
    "InvalidPipeline",
    "Limits",
    "LosslessUnavailable",
    "NoFaceFound",
    "OutputTooLarge",
    "Overlay",
    "OverlayMissing",
    "Pipeline",
    "Plan",
    "Preview",
    "RadiusTooLarge",
    "RegionOutsideImage",
    "Rendered",
    "SideTooLong",
    "SideTooShort",
    "TooManyFrames",
    "TooManyPixels",
    "TooMuchMemory",
    "TooMuchWork",
    "TookTooLong",
    "UnsupportedFormat",
    "catalogue",
    "content_type",
    "engine_version",
    "extension",
    "inspect",
    "options_schema",
    "pipeline_schema",
    "plan",
    "preview",
    "render",
    "scale_wanted",
]

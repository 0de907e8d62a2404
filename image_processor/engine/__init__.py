"""The image engine: inspect files, validate and plan pipelines, render results and previews.

It needs neither Django nor Celery. Its layers, from the top; each imports only those below it:

- `render`, `preview`, `size_estimate`, `derived`: what the service calls
- `planning`: pipelines, and plans on numbers alone
- `operations`: one class for each operation, in a folder for each group
- `writing`: formats, quality, encoding
- `reading`: detection, checks, decoding, metadata
- `pixels`: algorithms on pixels
- `limits`, `interruption`, `facts`, `frame`, `optional_formats`, `errors`: used by all layers

From a shell: `python -m image_processor.engine in.jpg out.webp --pipeline p.json`.
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
from image_processor.engine.operations.catalogue import catalogue
from image_processor.engine.planning.pipeline import Pipeline
from image_processor.engine.planning.plan import Plan
from image_processor.engine.planning.planner import plan
from image_processor.engine.planning.preview_plan import PreviewPlan
from image_processor.engine.planning.preview_scale import PREVIEW_SIDE
from image_processor.engine.planning.schema import (
    JSON_SCHEMA_REF,
    OPENAPI_REF,
    options_schema,
    pipeline_schema,
)
from image_processor.engine.preview import Preview, preview
from image_processor.engine.reading.input_formats import readable_formats
from image_processor.engine.reading.inspection import inspect
from image_processor.engine.reading.overlay_source import Overlay
from image_processor.engine.render import Rendered, render
from image_processor.engine.size_estimate import estimate_bytes, has_estimate
from image_processor.engine.version import ENGINE_RELEASE, engine_version
from image_processor.engine.writing.output_formats import content_type, extension

__all__ = [
    "ENGINE_RELEASE",
    "JSON_SCHEMA_REF",
    "OPENAPI_REF",
    "PREVIEW_SIDE",
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
    "PreviewPlan",
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
    "estimate_bytes",
    "extension",
    "has_estimate",
    "inspect",
    "options_schema",
    "pipeline_schema",
    "plan",
    "preview",
    "readable_formats",
    "render",
]

"""`python -m image_processor.engine IN OUT --pipeline FILE|JSON`: one image, no service."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from image_processor.engine.formats import canonical_name
from image_processor.engine.inspection import inspect
from image_processor.engine.limits import Limits
from image_processor.engine.pipeline import Pipeline
from image_processor.engine.render import render
from utils.errors import DomainError


def main(arguments: list[str] | None = None) -> int:
    """0 when OUT was written, 1 with one sentence when not; wrong usage exits with 2."""
    parser = argparse.ArgumentParser(prog="python -m image_processor.engine", description=__doc__)
    parser.add_argument("source", metavar="IN", type=Path)
    parser.add_argument("target", metavar="OUT", type=Path, help="its extension is the format")
    parser.add_argument("--pipeline", required=True, help="a JSON file, or the JSON itself")
    parser.add_argument("--quality", type=int)
    parser.add_argument("--lossless", action="store_true")
    parser.add_argument("--metadata", choices=["keep", "strip"])
    parser.add_argument("--background")
    options = parser.parse_args(arguments)
    format_name = canonical_name(options.target.suffix[1:])
    if format_name is None:
        parser.error(f"OUT has no extension of a known format: {options.target.name}")
    try:
        transformations = json.loads(_pipeline_text(options.pipeline))
    except ValueError as error:
        parser.error(f"--pipeline is neither a file nor JSON: {error}")
    try:
        pipeline = Pipeline.parse(
            transformations,
            format=format_name,
            quality=options.quality,
            lossless=options.lossless,
            metadata=options.metadata,
            background=options.background,
        )
        limits = Limits()
        rendered = render(options.source, inspect(options.source, limits), pipeline, limits)
        options.target.write_bytes(rendered.data)
    except (DomainError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for warning in rendered.warnings:
        print(f"warning: {warning['detail']}", file=sys.stderr)
    size = f"{rendered.width}x{rendered.height}"
    print(f"{options.target}: {size} {rendered.format}, {len(rendered.data)} bytes")
    return 0


def _pipeline_text(value: str) -> str:
    """The content of the file named `value`, or `value` itself if it looks like JSON."""
    if value.lstrip().startswith(("[", "{")):
        return value
    path = Path(value)
    return path.read_text(encoding="utf-8") if path.is_file() else value


if __name__ == "__main__":
    sys.exit(main())

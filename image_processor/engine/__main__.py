"""`python -m image_processor.engine IN OUT --pipeline FILE|JSON`: render one image."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from image_processor.engine.interruption import Deadline
from image_processor.engine.limits import Limits
from image_processor.engine.planning.pipeline import Pipeline
from image_processor.engine.planning.planner import plan
from image_processor.engine.reading.inspection import inspect
from image_processor.engine.reading.overlay_source import Overlay
from image_processor.engine.render import Rendered, render
from image_processor.engine.writing.options import AUTO
from image_processor.engine.writing.output_formats import canonical_name
from utils.errors import DomainError

_STANDARD = "-"


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 if OUT was written, 1 with a message if not; 2 for wrong usage."""
    parser = _parser()
    options = parser.parse_args(arguments)
    format_name = _format(parser, options)
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
        deadline = None if options.deadline is None else Deadline.after(options.deadline)
        limits = Limits()
        overlays = _overlays(parser, pipeline, options.overlay, limits)
        source = _source(options.source, limits)
        facts = inspect(source, limits)
        if options.explain:
            files = {number: Overlay.read(file, limits) for number, file in overlays.items()}
            for line in plan(facts, pipeline.with_overlays(files), limits).explain():
                print(line)
            return 0
        rendered = render(source, facts, pipeline, limits, overlays=overlays, deadline=deadline)
        _write(options.target, rendered.data)
    except (DomainError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    _report(options.target, rendered)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m image_processor.engine",
        description=__doc__,
        epilog="Exit codes: 0 written, 1 refused or failed, 2 wrong usage.",
    )
    parser.add_argument("source", metavar="IN", help="a file, or - for standard input")
    parser.add_argument(
        "target",
        metavar="OUT",
        help="a file, whose extension is the format, or - for standard output",
    )
    parser.add_argument("--pipeline", required=True, help="a JSON file, or the JSON itself")
    parser.add_argument("--explain", action="store_true", help="print the plan, write nothing")
    parser.add_argument(
        "--format",
        help="output format; by default that of OUT's extension, or that of IN for OUT -",
    )
    parser.add_argument("--quality", metavar="N|auto", type=_quality, help="1 to 100, or auto")
    parser.add_argument("--lossless", action="store_true")
    parser.add_argument("--metadata", choices=["keep", "strip"])
    parser.add_argument("--background")
    parser.add_argument(
        "--overlay",
        metavar="ID=FILE",
        action="append",
        type=_overlay,
        default=[],
        help="the file for the image_id ID of a step; can be repeated",
    )
    parser.add_argument("--deadline", metavar="SECONDS", type=_seconds, help="stop after this time")
    return parser


def _overlay(value: str) -> tuple[int, Path]:
    """The two parts of `ID=FILE`."""
    number, separator, name = value.partition("=")
    if not (separator and name and number.isascii() and number.isdigit()):
        raise argparse.ArgumentTypeError(f"must be ID=FILE with a numeric ID but is {value!r}")
    return int(number), Path(name)


def _quality(value: str) -> int | str:
    """A whole number or `auto`. The pipeline checks the range."""
    if value == AUTO:
        return value
    try:
        return int(value)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be a whole number or {AUTO} but is {value!r}"
        ) from None


def _seconds(value: str) -> float:
    """A number of seconds above 0."""
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a number of seconds above 0 but is {value!r}")
    return seconds


def _overlays(
    parser: argparse.ArgumentParser,
    pipeline: Pipeline,
    given: list[tuple[int, Path]],
    limits: Limits,
) -> dict[int, bytes]:
    """The overlay files by id. Every file must be used, and every id of a step must have a file."""
    files = dict(given)
    if len(files) < len(given):
        parser.error("--overlay gives the same ID twice")
    wanted = set(pipeline.overlay_ids().values())
    for number in sorted(files.keys() - wanted):
        parser.error(f"--overlay {number} is the image_id of no step")
    for number in sorted(wanted - files.keys()):
        parser.error(f"a step has image_id {number}: give its file as --overlay {number}=FILE")
    return {number: _bytes(path, limits) for number, path in files.items()}


def _bytes(path: Path, limits: Limits) -> bytes:
    """The file, or one byte more than the limit, which is refused later."""
    with path.open("rb") as file:
        return file.read(limits.max_file_bytes + 1)


def _format(parser: argparse.ArgumentParser, options: argparse.Namespace) -> str | None:
    """The format of `--format` or of the extension of OUT, or None."""
    if options.format is not None:
        name = canonical_name(options.format)
        if name is None:
            parser.error(f"--format is not a known format: {options.format}")
        return name
    if options.target == _STANDARD:
        return None
    name = canonical_name(Path(options.target).suffix[1:])
    if name is None:
        parser.error(f"OUT has no extension of a known format: {Path(options.target).name}")
    return name


def _pipeline_text(value: str) -> str:
    """The content of the file named `value`, or `value` itself if it looks like JSON."""
    if value.lstrip().startswith(("[", "{")):
        return value
    path = Path(value)
    return path.read_text(encoding="utf-8") if path.is_file() else value


def _source(name: str, limits: Limits) -> bytes | Path:
    """The file, or standard input, of which at most one byte more than the limit is read."""
    if name == _STANDARD:
        return sys.stdin.buffer.read(limits.max_file_bytes + 1)
    return Path(name)


def _write(target: str, data: bytes) -> None:
    if target == _STANDARD:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        Path(target).write_bytes(data)


def _report(target: str, rendered: Rendered) -> None:
    """Print a summary, to standard error if the image goes to standard output."""
    for warning in rendered.warnings:
        print(f"warning: {warning['detail']}", file=sys.stderr)
    size = f"{rendered.width}x{rendered.height}"
    summary = f"{target}: {size} {rendered.format}, {len(rendered.data)} bytes"
    print(summary, file=sys.stderr if target == _STANDARD else sys.stdout)


if __name__ == "__main__":
    sys.exit(main())

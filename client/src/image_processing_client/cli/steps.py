"""The steps of a pipeline as they are typed or written in a file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from image_processing_client.cli.exits import UsageMistake
from image_processing_client.operations import step

OPTIONS = ("format", "quality", "lossless", "metadata", "background")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--step`, `--pipeline` and how the result is written."""
    parser.add_argument(
        "--step",
        action="append",
        nargs="+",
        default=[],
        metavar=("OPERATION", "NAME=VALUE"),
        help="one step, such as: --step resize width=800; may be given again for the next",
    )
    parser.add_argument(
        "--pipeline",
        metavar="FILE|JSON",
        help="the steps as JSON, or a file of it: a list of steps, or an object with "
        "transformations and, if wanted, format and quality",
    )
    parser.add_argument("--format", help="jpeg, png, webp, avif, ...; without: the source's own")
    parser.add_argument("--quality", type=_quality, help="1 to 100, or auto")
    parser.add_argument("--metadata", choices=["keep", "strip"], help="EXIF and the like")
    parser.add_argument("--lossless", action="store_true", default=None, help="WebP, AVIF")


def request_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """What `Client.transform` takes: `steps` and options. Options typed win over the file's.

    Raises `UsageMistake` for what is not JSON, not there or given twice.
    """
    request: dict[str, Any] = {"steps": [_step(words) for words in arguments.step]}
    if arguments.pipeline is not None:
        if arguments.step:
            raise UsageMistake("Give --step or --pipeline, not both.")
        request = _pipeline(arguments.pipeline)
    for name in OPTIONS:
        given = getattr(arguments, name, None)
        if given is not None:
            request[name] = given
    return request


def _pipeline(given: str) -> dict[str, Any]:
    is_json = given.lstrip().startswith(("[", "{"))
    try:
        text = given if is_json else Path(given).read_text(encoding="utf-8")
        parsed = json.loads(text)
    except OSError as error:
        raise UsageMistake(f"--pipeline {given}: {error.strerror}.") from error
    except ValueError as error:
        raise UsageMistake(f"--pipeline is no JSON: {error}.") from error
    if isinstance(parsed, list):
        return {"steps": parsed}
    if not isinstance(parsed, dict) or not isinstance(parsed.get("transformations"), list):
        raise UsageMistake("--pipeline is neither a list of steps nor has it transformations.")
    unknown = set(parsed) - {"transformations", *OPTIONS}
    if unknown:
        raise UsageMistake(f"--pipeline: {', '.join(sorted(unknown))} cannot be given here.")
    return {"steps": parsed.pop("transformations"), **parsed}


def _step(words: list[str]) -> dict[str, Any]:
    operation, *pairs = words
    params: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageMistake(f"--step {operation}: {pair} is not of the form name=value.")
        params[name] = _value(value)
    return dict(step(operation, **params))


def _value(text: str) -> Any:
    """JSON where it is some (800, true, [1, 2]), else the text itself (cover, #ff0000)."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _quality(text: str) -> int | str:
    return int(text) if text.isdigit() else text

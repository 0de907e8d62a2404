"""The pipeline of a command: its steps as options, as JSON or in a file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from image_processing_client.cli.exits import UsageError
from image_processing_client.file_names import to_text
from image_processing_client.operations import step

OPTIONS = ("format", "quality", "lossless", "metadata", "background")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--step`, `--pipeline` and the options of the result's file."""
    parser.add_argument(
        "--step",
        action="append",
        nargs="+",
        default=[],
        metavar=("OPERATION", "NAME=VALUE"),
        help="a step, such as: --step resize width=800; repeat the option for more steps",
    )
    parser.add_argument(
        "--pipeline",
        metavar="FILE|JSON",
        help="JSON or a file with JSON: a list of steps, or an object with transformations "
        "and optionally format, quality, lossless, metadata and background",
    )
    parser.add_argument("--format", help="jpeg, png, webp, avif, ... (default: that of the source)")
    parser.add_argument("--quality", type=_quality, help="1 to 100, or auto")
    parser.add_argument(
        "--metadata", choices=["keep", "strip"], help="keep or remove EXIF and similar data"
    )
    parser.add_argument("--lossless", action="store_true", default=None, help="for WebP and AVIF")


def build_request(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments for `Client.transform`. Options override those of the file.

    Raises `UsageError` for invalid JSON, a missing file, or both --step and --pipeline.
    """
    request: dict[str, Any] = {"steps": [_step(words) for words in arguments.step]}
    if arguments.pipeline is not None:
        if arguments.step:
            raise UsageError("Give --step or --pipeline, not both.")
        request = _pipeline(arguments.pipeline)
    for name in OPTIONS:
        value = getattr(arguments, name, None)
        if value is not None:
            request[name] = value
    _check_texts(request)
    return request


def _check_texts(value: Any) -> None:
    """Raise `UsageError` for a text that is not UTF-8, as all texts of a request are."""
    if isinstance(value, str) and to_text(value) != value:
        raise UsageError(f"{to_text(value)} is not UTF-8.")
    if isinstance(value, dict):
        value = [*value, *value.values()]
    for each in value if isinstance(value, list) else []:
        _check_texts(each)


def _pipeline(text_or_path: str) -> dict[str, Any]:
    is_json = text_or_path.lstrip().startswith(("[", "{"))
    try:
        text = text_or_path if is_json else Path(text_or_path).read_text(encoding="utf-8")
        parsed = json.loads(text)
    except OSError as error:
        raise UsageError(f"--pipeline {text_or_path}: {error.strerror}.") from error
    except ValueError as error:
        raise UsageError(f"--pipeline is not valid JSON: {error}.") from error
    if isinstance(parsed, list):
        return {"steps": parsed}
    if not isinstance(parsed, dict) or not isinstance(parsed.get("transformations"), list):
        raise UsageError("--pipeline must be a list of steps or an object with transformations.")
    unknown = set(parsed) - {"transformations", *OPTIONS}
    if unknown:
        raise UsageError(f"--pipeline: unknown members: {', '.join(sorted(unknown))}.")
    return {"steps": parsed.pop("transformations"), **parsed}


def _step(words: list[str]) -> dict[str, Any]:
    operation, *pairs = words
    params: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--step {operation}: {pair} is not of the form name=value.")
        params[name] = _value(value)
    return dict(step(operation, **params))


def _value(text: str) -> Any:
    """Parse JSON (800, true, [1, 2]); return any other text unchanged (cover, #ff0000)."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _quality(text: str) -> int | str:
    return int(text) if text.isdigit() else text

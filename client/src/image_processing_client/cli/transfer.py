"""`ips upload` and `ips download`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from image_processing_client.cli.account import connect
from image_processing_client.cli.exits import DONE, EXPECTED, UsageError, exit_code, print_error
from image_processing_client.cli.output import Output
from image_processing_client.cli.progress import Bar, format_size
from image_processing_client.client import Client
from image_processing_client.records import Image


def upload(arguments: argparse.Namespace, output: Output) -> int:
    """Upload every file. A refused file does not stop the others."""
    code = DONE
    with connect(arguments) as client:
        for path in arguments.files:
            try:
                image = upload_one(client, path, output, arguments.description)
            except EXPECTED as error:
                print_error(error, as_json=output.as_json, subject=str(path))
                code = code or exit_code(error)
                continue
            output.say(_describe_image(image), image.data)
    return code


def upload_one(client: Client, path: Path, output: Output, description: str | None = None) -> Image:
    """Upload one file with a progress bar."""
    with Bar(path.name, enabled=not output.quiet) as bar:
        return client.images.upload(path, description=description, progress=bar)


def _describe_image(image: Image) -> str:
    facts = image.metadata
    text = (
        f"image {image.id}: {image.file_name}, {facts.get('format')} "
        f"{facts.get('width')}x{facts.get('height')}, {format_size(facts.get('size_bytes', 0))}"
    )
    return f"{text} (same bytes as image {image.duplicate_of})" if image.duplicate_of else text


def download(arguments: argparse.Namespace, output: Output) -> int:
    """Download a result, the result of a task after waiting for it, or an original file."""
    fetch: Callable[..., Path]
    with connect(arguments) as client:
        if arguments.original:
            fetch, name = client.images.download, client.images.get(arguments.id).file_name
            source = arguments.id
        else:
            source = arguments.id
            if not arguments.result:
                source = client.tasks.wait(arguments.id, timeout=arguments.timeout).result_image
            fetch, name = client.results.download, client.results.get(source).file_name
        target = choose_target(arguments.output, name, force=arguments.force)
        with Bar(target.name, enabled=not output.quiet) as bar:
            fetch(source, target, progress=bar)
    output.say(str(target), {"id": source, "path": str(target)})
    return DONE


def choose_target(path: Path | None, name: str, *, force: bool) -> Path:
    """Return the path to write to; `name` is used if `path` is None or a folder.

    Raises `UsageError` if the file exists, unless `force` is set.
    """
    safe = Path(name.replace("\\", "/")).name
    safe = safe if safe not in ("", ".", "..") else "image"
    target = Path(safe) if path is None else path / safe if path.is_dir() else path
    if target.exists() and not force:
        raise UsageError(f"{target} exists already; --force overwrites it.")
    return target

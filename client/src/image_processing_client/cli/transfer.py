"""`ips upload`, `ips import` and `ips download`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from image_processing_client.cli.account import connect
from image_processing_client.cli.exits import DONE, EXPECTED, UsageError, exit_code, print_error
from image_processing_client.cli.output import Output
from image_processing_client.cli.progress import Bar, format_size
from image_processing_client.client import Client
from image_processing_client.file_names import find_extensions, fits
from image_processing_client.records import Image, Picture


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


def import_urls(arguments: argparse.Namespace, output: Output) -> int:
    """Let the service download each address. A refused address does not stop the others."""
    code = DONE
    with connect(arguments) as client:
        for url in arguments.urls:
            try:
                image = client.images.import_url(
                    url, file_name=arguments.file_name, description=arguments.description
                )
                if arguments.wait:
                    image = client.images.wait(image, timeout=arguments.timeout)
            except EXPECTED as error:
                print_error(error, as_json=output.as_json, subject=url)
                code = code or exit_code(error)
                continue
            output.say(_describe_image(image), image.data)
    return code


def upload_one(client: Client, path: Path, output: Output, description: str | None = None) -> Image:
    """Upload one file with a progress bar."""
    with Bar(path.name, enabled=not output.quiet) as bar:
        return client.images.upload(path, description=description, progress=bar)


def _describe_image(image: Image) -> str:
    if image.status == "importing":
        return f"image {image.id}: {image.file_name}, importing"
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
            fetch, source = client.images.download, arguments.id
            picture: Picture = client.images.get(source)
        else:
            source = arguments.id
            if not arguments.result:
                source = client.tasks.wait(arguments.id, timeout=arguments.timeout).result_image
            fetch, picture = client.results.download, client.results.get(source)
        target = choose_target(arguments.output, picture, force=arguments.force)
        with Bar(target.name, enabled=not output.quiet) as bar:
            fetch(source, target, progress=bar)
    output.say(str(target), {"id": source, "path": str(target)})
    return DONE


def choose_target(path: Path | None, picture: Picture, *, force: bool) -> Path:
    """Return the path to write to; if `path` is None or a folder, with the picture's name.

    Raises `UsageError` if the file exists, unless `force` is set, and if the extension of `path`
    belongs to another format. An original may have the extension that it was uploaded with.
    """
    safe = Path(picture.file_name.replace("\\", "/")).name
    safe = safe if safe not in ("", ".", "..") else "image"
    target = Path(safe) if path is None else path / safe if path.is_dir() else path
    if target.suffix.lower() != Path(safe).suffix.lower():
        check_extension(target, str(picture.metadata["format"]))
    if target.exists() and not force:
        raise UsageError(f"{target} exists already; --force overwrites it.")
    return target


def check_extension(path: Path, format_name: str) -> None:
    """Raise `UsageError` if the extension of the file to write belongs to another format."""
    if not fits(path.name, format_name):
        other = path.with_suffix(find_extensions(format_name)[0])
        raise UsageError(
            f"{path.name} is not the name of this file: it is {format_name.upper()}. "
            f"Give --output {other}, or another --format."
        )

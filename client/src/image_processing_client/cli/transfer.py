"""`ips upload` and `ips download`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from image_processing_client.cli.account import connect
from image_processing_client.cli.exits import DONE, EXPECTED, UsageMistake, code_of, explain
from image_processing_client.cli.output import Output
from image_processing_client.cli.progress import Bar, size
from image_processing_client.client import Client
from image_processing_client.records import Image


def upload(arguments: argparse.Namespace, output: Output) -> int:
    """Every file, one after the other; one that is refused does not stop the others."""
    ended = DONE
    with connect(arguments) as client:
        for path in arguments.files:
            try:
                image = upload_one(client, path, output, arguments.description)
            except EXPECTED as error:
                explain(error, as_json=output.as_json, subject=str(path))
                ended = ended or code_of(error)
                continue
            output.say(_described(image), image.data)
    return ended


def upload_one(client: Client, path: Path, output: Output, description: str | None = None) -> Image:
    """One file, with a bar."""
    with Bar(path.name, shown=not output.quiet) as bar:
        return client.images.upload(path, description=description, progress=bar)


def _described(image: Image) -> str:
    facts = image.metadata
    text = (
        f"image {image.id}: {image.file_name}, {facts.get('format')} "
        f"{facts.get('width')}x{facts.get('height')}, {size(facts.get('size_bytes', 0))}"
    )
    return f"{text} (same bytes as image {image.duplicate_of})" if image.duplicate_of else text


def download(arguments: argparse.Namespace, output: Output) -> int:
    """The result of a task (waited for), a result, or an original."""
    fetch: Callable[..., Path]
    with connect(arguments) as client:
        if arguments.original:
            fetch, name = client.images.download, client.images.get(arguments.id).file_name
            wanted = arguments.id
        else:
            wanted = arguments.id
            if not arguments.result:
                wanted = client.tasks.wait(arguments.id, timeout=arguments.timeout).result_image
            fetch, name = client.results.download, client.results.get(wanted).file_name
        target = target_of(arguments.output, name, force=arguments.force)
        with Bar(target.name, shown=not output.quiet) as bar:
            fetch(wanted, target, progress=bar)
    output.say(str(target), {"id": wanted, "path": str(target)})
    return DONE


def target_of(given: Path | None, name: str, *, force: bool) -> Path:
    """Where to write: the path given, the service's name in a folder given, or in this one.

    Raises `UsageMistake` rather than write over a file, unless told to.
    """
    safe = Path(name.replace("\\", "/")).name
    safe = safe if safe not in ("", ".", "..") else "image"
    target = Path(safe) if given is None else given / safe if given.is_dir() else given
    if target.exists() and not force:
        raise UsageMistake(f"{target} is there already; --force writes over it.")
    return target

"""`scripts/generate`: write the derived files, or list those that are out of date."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from scripts import configuration_table
from scripts.derived import (
    formats_page,
    openapi,
    operations_page,
    operations_pictures,
)
from scripts.derived.default_settings import start_django
from scripts.derived.postman import collection
from scripts.local.checkout import ROOT


def derived_files(root: Path) -> dict[str, Callable[[], str]]:
    """Return a function that makes the text of each derived file, by path in the checkout."""
    page, example = root / "docs" / "configuration.md", root / ".env.example"
    return {
        "docs/openapi.json": openapi.text,
        "docs/operations.md": operations_page.text,
        "docs/operations.json": operations_page.catalogue_text,
        "docs/formats.md": formats_page.text,
        "posting-collection/image-processing-service.postman_collection.json": collection.text,
        "posting-collection/this-machine.postman_environment.json": collection.environment_text,
        "docs/configuration.md": lambda: configuration_table.update_page(
            page.read_text(), example.read_text()
        ),
    }


def stale(root: Path) -> dict[str, str | bytes | None]:
    """Return the new content of every missing or outdated file, by path in the checkout.

    None stands for a picture whose operation no longer exists.
    """
    outdated: dict[str, str | bytes | None] = {}
    for name, make in derived_files(root).items():
        path, text = root / name, make()
        if not path.exists() or path.read_text() != text:
            outdated[name] = text
    outdated |= operations_pictures.stale(root)
    outdated |= dict.fromkeys(operations_pictures.leftovers(root))
    return outdated


def main(arguments: Sequence[str]) -> int:
    """Write or check the files. Return 1 when a check finds an outdated file."""
    parser = argparse.ArgumentParser(prog="scripts/generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only list outdated files")
    options = parser.parse_args(arguments)
    start_django()
    outdated = stale(ROOT)
    for name, content in outdated.items():
        if options.check:
            print(f"{name} is out of date; run scripts/generate")
            continue
        path = ROOT / name
        if content is None:
            path.unlink()
            print(f"removed {name}")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        print(f"wrote {name}")
    return 1 if options.check and outdated else 0

"""Measure the memory of an archive with many results: `python -m benchmarks.zip`.

This needs no services: the archive is streamed from a local folder, with the code that the web
server uses. Prints the peak memory for ten and for a thousand results. It should only grow by the
names in the archive's directory. `--size-mb 5000` makes an archive that needs Zip64 (over 4 GB).
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import django
from django.test.utils import override_settings


def measure(count: int, size: int, archive: Path) -> tuple[int, int, int]:
    """Return the archive's bytes, the peak memory while it was made, and the largest piece."""
    from image_processor.library import archives
    from image_processor.storage import object_storage

    made_at = datetime.now(UTC)
    object_storage().put("results/zip", os.urandom(size), "image/jpeg")
    entries = [
        archives.Entry(f"result {n}", f"photo ({n}).jpg", "results/zip", size, made_at)
        for n in range(count)
    ]
    total = largest = 0
    tracemalloc.start()
    with archive.open("wb") as file:
        for piece in archives.stream(entries):
            total += file.write(piece)
            largest = max(largest, len(piece))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    object_storage().delete("results/zip")
    return total, peak, largest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=int, default=1000)
    parser.add_argument("--size-mb", type=float, default=500, help="of the whole archive")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    size = round(options.size_mb * 1e6 / options.results)
    with tempfile.TemporaryDirectory() as folder:
        storage = {
            "BACKEND": "image_processor.storage.local.PrivateFileStorage",
            "OPTIONS": {"location": folder},
        }
        with override_settings(STORAGES={"default": storage}):
            for count in (10, options.results):
                path = Path(folder) / "archive.zip"
                start = time.perf_counter()
                total, peak, largest = measure(count, size, path)
                seconds = time.perf_counter() - start
                with zipfile.ZipFile(path) as archive:
                    is_valid = archive.testzip() is None and len(archive.namelist()) == count
                verdict = "valid" if is_valid else "BROKEN"
                print(
                    f"{count} results, {total / 1e6:.1f} MB: peak {peak / 1e6:.2f} MB, largest "
                    f"piece {largest / 1e3:.0f} KB, {seconds:.1f} s, {verdict}"
                )


if __name__ == "__main__":
    main()

"""Upload pictures whose metadata would take gigabytes, and measure the web process.

python -m tests.chaos.tag_bomb --megabytes 48

Each file is sent over HTTP, one at a time, and is followed by a small picture. The bounds are those
of a plain file of the same size with some room: several copies of the file, and no more.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.builders import pictures
from tests.chaos.command import report
from tests.chaos.figures import Figures
from tests.engine.files import tag_bombs
from tests.stack.service import Service, register_client, upload

BOMBS: dict[str, Callable[[int], bytes]] = {
    "PNG": tag_bombs.png_bomb,
    "JPEG": tag_bombs.jpeg_bomb,
    "WebP": tag_bombs.webp_bomb,
    "AVIF": tag_bombs.avif_bomb,
    "TIFF": tag_bombs.tiff_bomb,
    "PNG texts": tag_bombs.png_of_texts,
    "PNG hexadecimal": tag_bombs.png_of_hexadecimal,
    "JPEG resources": tag_bombs.jpeg_of_resources,
    "WebP XMP": tag_bombs.webp_of_xmp,
    "WebP profile": tag_bombs.webp_of_profile,
}
ACCEPTED = (201, 400, 422)
# Copies of the file at a time: the body, the part, what the codec keeps, a repaired file.
MOST_COPIES = 8
ROOM = 60


def run(service: Service, *, megabytes: int, seconds: float) -> Figures:
    """Send each file; require the peak memory and the time of every answer to stay bounded."""
    figures = Figures("tag bombs", {"hostile files": len(BOMBS)})
    bound = MOST_COPIES * megabytes + ROOM
    with register_client(service) as client:
        client.timeout = 120
        small = pictures.jpeg()
        for name, make in BOMBS.items():
            data = make(megabytes * 1_000_000)
            before = _start_peaks(service.web_processes())
            start = time.monotonic()
            answer = client.post("/images/upload/", files={"file": ("photo", data)})
            taken = time.monotonic() - start
            grown = max(0, max(_peak(pid) - before.get(pid, 0) for pid in service.web_processes()))
            figures.measured[name] = f"{taken:.1f} s {grown} MB {answer.status_code}"
            figures.require(answer.status_code in ACCEPTED, f"{name}: {answer.status_code}")
            figures.require(grown <= bound, f"{name} took {grown} MB, more than {bound}")
            figures.require(taken <= seconds, f"{name} took {taken:.1f} s, more than {seconds}")
            upload(client, small)
    return figures


def _start_peaks(processes: list[int]) -> dict[int, int]:
    """The memory in MB of each process, from which its peak is counted anew."""
    for pid in processes:
        with suppress(OSError):
            Path(f"/proc/{pid}/clear_refs").write_text("5")
    return {pid: _status(pid, "VmRSS") for pid in processes}


def _peak(pid: int) -> int:
    return _status(pid, "VmHWM")


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=48)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    report(lambda service: run(service, **vars(options)))

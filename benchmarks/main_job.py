"""Measure requests of the main job: `python -m benchmarks.main_job http://127.0.0.1:8000`.

Start the service with `RATE_LIMITS=off ./scripts/up`. A client on the same machine measures the
times, so the server's own times are a little lower. To compare machines, use the ratio to a request
that does nothing (`/healthz`).
"""

from __future__ import annotations

import argparse
import io
import statistics
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx
from PIL import Image

PHOTO = Path(__file__).resolve().parents[1] / "tests/photos/rocket.jpg"


def photograph(width: int = 4000, height: int = 3000) -> bytes:
    """Make a JPEG with real photographic detail: one photograph, tiled at different scales."""
    source = Image.open(PHOTO).convert("RGB")
    mosaic = Image.new("RGB", (width, height))
    for number, x in enumerate(range(0, width, 500)):
        for row, y in enumerate(range(0, height, 500)):
            inset = (number * 7 + row * 13) % 120
            box = (inset, inset // 2, source.width - inset, source.height - inset)
            mosaic.paste(source.crop(box).resize((500, 500)), (x, y))
    buffer = io.BytesIO()
    mosaic.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def milliseconds(call: Callable[[], object], repetitions: int) -> list[float]:
    """Repeat the call and return the time of each repetition."""
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:8000")
    parser.add_argument("--times", type=int, default=50)
    options = parser.parse_args()
    api = f"{options.url}/api/v1"
    person = {"email": f"{uuid.uuid4().hex}@example.com", "password": "a-long-pass-phrase-7"}
    token = httpx.post(f"{api}/auth/registration/", json=person).raise_for_status().json()
    client = httpx.Client(headers={"Authorization": f"Bearer {token['access_token']}"}, timeout=120)
    data = photograph()
    photos = iter([data + bytes([n]) for n in range(options.times)])  # all files differ
    widths = iter(range(400, 400 + options.times))
    image = client.post(f"{api}/images/upload/", files={"file": ("p.jpg", data)}).json()["id"]
    tasks: list[int] = []

    def upload() -> None:
        files = {"file": ("photo.jpg", next(photos))}
        client.post(f"{api}/images/upload/", files=files).raise_for_status()

    def submit() -> None:
        steps = [
            {"operation": "resize", "params": {"width": next(widths), "height": 600}},
            {"operation": "apply_filter", "params": {"grayscale": True}},
        ]
        body = {"format": "jpeg", "transformations": steps}
        answer = client.post(f"{api}/images/{image}/transform/", json=body).raise_for_status()
        tasks.append(answer.json()["id"])

    def get(path: str) -> Callable[[], object]:
        return lambda: client.get(f"{options.url}{path}").raise_for_status()

    nothing = milliseconds(get("/healthz"), options.times)
    rows = {
        "GET /healthz": nothing,
        f"upload {len(data) / 1e6:.1f} MB, 12 megapixels": milliseconds(upload, options.times),
        "submit": milliseconds(submit, options.times),
        "GET images/ (20 rows)": milliseconds(get("/api/v1/images/"), options.times),
        "GET tasks/ (20 rows)": milliseconds(get("/api/v1/tasks/"), options.times),
    }
    start = time.perf_counter()
    for pk in tasks:
        while client.get(f"{api}/tasks/{pk}/?wait=20").json()["status"] != "SUCCESS":
            pass
    seconds = time.perf_counter() - start
    base = statistics.median(nothing)
    print(f"{'':36} median ms   95th   ratio")
    for name, times in rows.items():
        median, high = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        print(f"{name:36} {median:9.1f} {high:6.1f} {median / base:6.1f}x")
    print(f"All {len(tasks)} tasks had ended {seconds:.1f} s after the last request")


if __name__ == "__main__":
    main()

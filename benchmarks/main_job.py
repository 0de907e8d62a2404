"""How long the main job's requests take: `python -m benchmarks.main_job http://127.0.0.1:8000`.

Start the service with `RATE_LIMITS=off ./scripts/up`. Times are seen by a client on the same
machine, so the server's own are a little lower; machines differ, hence the ratio to a request
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
    """A JPEG of real photographic detail: one photograph, tiled at different scales."""
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


def milliseconds(call: Callable[[], object], times: int) -> list[float]:
    """How long each of so many calls took."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1000)
    return taken


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
    photos = iter([data + bytes([n]) for n in range(options.times)])  # no two are the same file
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
    drained = time.perf_counter() - start
    base = statistics.median(nothing)
    print(f"{'':36} median ms   95th   ratio")
    for name, taken in rows.items():
        median, high = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        print(f"{name:36} {median:9.1f} {high:6.1f} {median / base:6.1f}x")
    print(f"{len(tasks)} tasks were done {drained:.1f} s after the last of these requests")


if __name__ == "__main__":
    main()

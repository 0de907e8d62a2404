"""Compare estimated sizes of files with the real ones: `python -m benchmarks.result_size`.

For each photograph of a folder, enlarged to the sides of a camera's file, and each output format,
it prints the estimate divided by the size of the rendered file. The last line is the worst ratio.
`--tolerance 10` fails if one is further off than so many per cent.
"""

from __future__ import annotations

import argparse
import io
import math
import time
from pathlib import Path

from PIL import Image

from benchmarks.main_job import PHOTO, photograph
from image_processor.engine import Limits, Pipeline, estimate_bytes, inspect, render
from image_processor.engine.writing.output_formats import OUTPUT_FORMATS

LIMITS = Limits()
PIPELINES = {
    "as it is": [{"operation": "brightness", "params": {"amount": 0}}],
    "two thirds": [{"operation": "resize", "params": {"scale": 66}}],
    "sharpened": [{"operation": "sharpen", "params": {"amount": 120, "radius": 1.5}}],
}


def large(path: Path, longest: int) -> bytes:
    """The photograph as a JPEG whose longer side has `longest` pixels."""
    with Image.open(path) as image:
        scale = longest / max(image.size)
        size = round(image.width * scale), round(image.height * scale)
        picture = image.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def measure(name: str, data: bytes, format_name: str, pipeline_name: str) -> float:
    """Print one line and return the ratio."""
    facts = inspect(data, LIMITS)
    pipeline = Pipeline.parse(PIPELINES[pipeline_name], format=format_name.lower())
    started = time.process_time()
    estimated = estimate_bytes(data, facts, pipeline, LIMITS)
    seconds = time.process_time() - started
    real = len(render(data, facts, pipeline, LIMITS).data)
    if estimated is None:
        print(f"{name:22} {pipeline_name:11} {format_name:5} {real:10,}  not estimated")
        return 1.0
    ratio = estimated / real
    line = f"{name:22} {pipeline_name:11} {format_name:5} {real:10,} {estimated:10,}"
    print(f"{line} {ratio:6.3f} {seconds:6.2f} s", flush=True)
    return ratio


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, default=PHOTO.parent, help="folder of photographs")
    parser.add_argument("--longest", type=int, default=2600, help="longer side of a source, px")
    parser.add_argument("--formats", nargs="+", default=list(OUTPUT_FORMATS), metavar="NAME")
    parser.add_argument("--pipelines", nargs="+", default=list(PIPELINES), choices=PIPELINES)
    parser.add_argument("--tolerance", type=float, metavar="PER_CENT")
    options = parser.parse_args()
    files = sorted(p for p in options.photos.iterdir() if p.suffix in (".jpg", ".png"))
    sources = {path.name: large(path, options.longest) for path in files}
    sources["mosaic"] = photograph()
    print(f"{'source':22} {'steps':11} {'format'} {'bytes':>9} {'estimated':>10}  ratio")
    ratios = [
        measure(name, data, format_name, pipeline)
        for format_name in options.formats
        for pipeline in options.pipelines
        for name, data in sources.items()
    ]
    worst = max(abs(math.log(ratio)) for ratio in ratios)
    furthest = 100 * (math.exp(worst) - 1)
    print(f"{len(ratios)} estimates, the worst {furthest:.1f} % off")
    if options.tolerance is not None and furthest > options.tolerance:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

"""Peak memory of one render in a process of its own: `python -m benchmarks.engine.memory NAME`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LARGE = (8660, 5774)  # 50 megapixels

PIPELINES: dict[str, list[dict[str, Any]]] = {
    "50 MP JPEG -> 800 px": [{"operation": "resize", "params": {"width": 800}}],
    "50 MP, cover 800x800": [
        {"operation": "resize", "params": {"width": 800, "height": 800, "fit": "cover"}}
    ],
    "50 MP, quarter turn": [{"operation": "rotate", "params": {"degrees": 90}}],
    "50 MP, sepia": [{"operation": "sepia", "params": {}}],
    "50 MP, gray and emboss": [
        {"operation": "apply_filter", "params": {"grayscale": True, "emboss": True}}
    ],
    "50 MP, blur": [{"operation": "blur", "params": {"radius": 4}}],
    "50 MP, sharpen": [{"operation": "sharpen", "params": {}}],
    "50 MP, edges": [{"operation": "apply_filter", "params": {"edges": True}}],
}


def one(name: str, data: bytes) -> tuple[int, int]:
    """Peak of the process, which has imported the engine and holds the file, and the plan's."""
    from benchmarks.engine.ways import LIMITS
    from image_processor.engine import Pipeline, inspect, plan, render

    facts = inspect(data, LIMITS)
    pipeline = Pipeline.parse(PIPELINES[name])
    render(data, facts, pipeline, LIMITS)
    # Not `getrusage`: that is never below what the parent held when it started this process.
    status = Path("/proc/self/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) * 1024, plan(facts, pipeline, LIMITS).peak_bytes


def measure(name: str, data: bytes) -> tuple[int, int]:
    """`one` in a new process, `data` on its standard input."""
    command = [sys.executable, "-m", "benchmarks.engine.memory", name]
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    peak, planned = json.loads(done.stdout)
    return peak, planned


if __name__ == "__main__":
    print(json.dumps(one(sys.argv[1], sys.stdin.buffer.read())))

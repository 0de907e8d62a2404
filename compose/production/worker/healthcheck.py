"""Exit 0 if a process of this worker handled a message within so many seconds, else 1 with why.

    healthcheck.py SECONDS

The scheduler sends one every 10 seconds to queues where none waits. So SECONDS is more than the
longest task may take (`hard_limit` in image_processor/jobs/queues.py).
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path


def check(pulse: Path, seconds: float) -> str:
    """An empty string when the worker lives, else what is wrong."""
    try:
        age = time.time() - pulse.stat().st_mtime
    except FileNotFoundError:
        return "no message was handled yet"
    return "" if age <= seconds else f"no message was handled for {age:.0f} s ({seconds:g} allowed)"


if __name__ == "__main__":
    sys.exit(check(Path(os.environ["WORKER_PULSE_FILE"]), float(sys.argv[1])) or 0)

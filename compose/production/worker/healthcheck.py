"""Exit 0 if this worker handled a message in the last SECONDS, else 1 with the reason.

    healthcheck.py SECONDS

Every 10 seconds the scheduler sends a message to each queue in which none waits. SECONDS must be
longer than the longest task may take (`hard_limit` in image_processor/jobs/queues.py).
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path


def check(pulse: Path, seconds: float) -> str:
    """Return the reason why the worker is unhealthy; an empty string if it is healthy."""
    try:
        age = time.time() - pulse.stat().st_mtime
    except FileNotFoundError:
        return "no message was handled yet"
    return "" if age <= seconds else f"no message was handled for {age:.0f} s ({seconds:g} allowed)"


if __name__ == "__main__":
    sys.exit(check(Path(os.environ["WORKER_PULSE_FILE"]), float(sys.argv[1])) or 0)

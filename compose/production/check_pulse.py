"""Exit 0 if the pulse file was touched in the last SECONDS, else 1 with the reason.

    check_pulse.py SECONDS

Workers and the scheduler touch PULSE_FILE every few seconds as long as nothing in them hangs.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path


def check(pulse: Path, seconds: float) -> str:
    """Return the reason why the process is unhealthy; an empty string if it is healthy."""
    try:
        age = time.time() - pulse.stat().st_mtime
    except FileNotFoundError:
        return f"{pulse} does not exist yet"
    return "" if age <= seconds else f"{pulse} is {age:.0f} s old ({seconds:g} allowed)"


if __name__ == "__main__":
    sys.exit(check(Path(os.environ["PULSE_FILE"]), float(sys.argv[1])) or 0)

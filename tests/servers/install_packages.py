"""`python -m tests.servers.install_rabbitmq`: Debian's package, without the service that it brings.

Where that is not possible it says so and ends with 0: tests that need RabbitMQ say why they are
skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.rabbitmq import SERVER

# What the package's scripts do to services, asked by Debian's tools: nothing.
POLICY = Path("/usr/sbin/policy-rc.d")
STEPS = (["update"], ["install", "-y", "--no-install-recommends", "rabbitmq-server"])


def main() -> int:
    """Install it unless it is there, and return the exit status."""
    if SERVER.exists():
        return 0
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"There is no {SERVER}, and installing it needs root on Debian or Ubuntu.")
        return 0
    with _services_stay_off():
        for step in STEPS:
            done = subprocess.run(
                ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", *step],
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                stdin=subprocess.DEVNULL,
                check=False,
            )
            if done.returncode:
                return done.returncode
    return 0


@contextmanager
def _services_stay_off() -> Iterator[None]:
    """Packages that bring a service do not start it, neither now nor at the next boot."""
    if POLICY.exists():  # as in most containers
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()
    if shutil.which("systemctl"):
        subprocess.run(
            ["systemctl", "disable", "rabbitmq-server", "epmd.service", "epmd.socket"],
            capture_output=True,
            check=False,
        )


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.servers.install_packages`: install the Debian packages that long tests need.

If they cannot be installed, it says so and ends with 0. Tests that need them are skipped.
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

# Debian's tools ask this script whether a package may start its service.
POLICY = Path("/usr/sbin/policy-rc.d")
PACKAGES = {"rabbitmq-server": SERVER, "unzip": Path("/usr/bin/unzip")}


def main() -> int:
    """Install missing packages and return the exit status."""
    missing = [package for package, program in PACKAGES.items() if not program.exists()]
    if not missing:
        return 0
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"Installing {', '.join(missing)} needs root on Debian or Ubuntu.")
        return 0
    with _no_service_starts():
        return _apt_get("update") or _apt_get("install", "-y", "--no-install-recommends", *missing)


def _apt_get(*words: str) -> int:
    return subprocess.run(
        ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", *words],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        check=False,
    ).returncode


@contextmanager
def _no_service_starts() -> Iterator[None]:
    """Prevent packages from starting their services now and at the next boot."""
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

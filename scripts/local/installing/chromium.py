"""Chromium for the tests of the web page: the machine's own, or Debian's package."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from scripts.local.checkout import ROOT
from scripts.local.processes import child
from scripts.local.processes.interrupt import Interrupt
from scripts.local.terminal import StartError, say

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS_PATHS = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)
MISSING = (
    "The tests of the web page need Chromium, which is missing: install Chromium or Google Chrome "
    "(on Debian: apt-get install chromium)."
)


def find() -> Path | None:
    """Find the Chromium program of this machine."""
    on_path = (shutil.which(name) for name in PROGRAMS)
    candidates = [*(Path(path) for path in on_path if path), *MACOS_PATHS]
    return next((path for path in candidates if path.is_file()), None)


def install(environment: Mapping[str, str], interrupt: Interrupt, log: Path) -> None:
    """Install Chromium with apt-get unless the machine has one. Only root may install.

    Raises:
        StartError: Chromium is missing and could not be installed.
    """
    if find():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise StartError(MISSING)
    say("Installing Chromium for the tests in a browser ...")
    quiet = {**environment, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-qy", "--no-install-recommends", "chromium", "libfribidi0"],
    ):
        if child.run(command, quiet, ROOT, interrupt, output=log):
            last = log.read_text(errors="replace").strip().splitlines()[-1:]
            raise StartError(f"{' '.join(command)} failed: {''.join(last)}")
    if not find():
        raise StartError(
            f"apt-get installed a package that contains no Chromium program. {MISSING}"
        )

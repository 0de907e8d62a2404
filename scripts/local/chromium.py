"""The browser for tests of the web page: what the machine has, or Debian's package."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from scripts.local import child
from scripts.local.bootstrap import ROOT, say
from scripts.local.errors import StartError
from scripts.local.interrupt import Interrupt

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OF_MACOS = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)
MISSING = (
    "Chromium is missing, which tests of the web page need: install Chromium or Google Chrome "
    "(on Debian: apt-get install chromium)."
)


def find() -> Path | None:
    """The program of a Chromium on this machine."""
    found = (shutil.which(name) for name in NAMES)
    places = [*(Path(path) for path in found if path), *OF_MACOS]
    return next((path for path in places if path.is_file()), None)


def install(environment: Mapping[str, str], interrupt: Interrupt, log: Path) -> None:
    """Install Chromium where none is and the system's package manager may be used.

    Raises:
        StartError: There is none, and it could not be installed.
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
        raise StartError(f"apt-get has installed a package without its program. {MISSING}")

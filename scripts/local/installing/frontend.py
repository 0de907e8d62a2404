"""Build the web page: install its packages and export it, each only when its sources changed.

`node_modules` and `out` each hold a file with the digest of their sources. npm and Next empty
these folders before they write, so the digest disappears together with the contents.
"""

import fcntl
import hashlib
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scripts.local.checkout import ROOT
from scripts.local.installing.node import NPM, with_node
from scripts.local.processes import child
from scripts.local.processes.interrupt import Interrupt
from scripts.local.terminal import StartError, say

FOLDER = ROOT / "frontend"
PACKAGE_FILES = ("package.json", "package-lock.json", ".npmrc")
# Files and folders that the build or the tests write. A change in them does not start a build.
NOT_SOURCES = {"node_modules", ".next", "out", "coverage", "next-env.d.ts"}
INSTALLED_DIGEST, EXPORTED_DIGEST = Path("node_modules/.installed-from"), Path("out/.built-from")
FIRST_LINES, LAST_LINES = 10, 30
POLL_SECONDS = 0.1


class Frontend:
    """The web page's folder in the checkout. The output of npm goes to the file `log`."""

    def __init__(
        self, environment: Mapping[str, str], interrupt: Interrupt, log: Path, folder: Path = FOLDER
    ) -> None:
        self._environment = with_node(environment)
        self._interrupt = interrupt
        self.log = log
        self._folder = folder

    @property
    def exists(self) -> bool:
        """Whether the checkout has a web page at all."""
        return (self._folder / "package.json").is_file()

    @property
    def is_built(self) -> bool:
        """Whether an export exists, whatever sources it was built from."""
        return (self._folder / "out" / "index.html").is_file()

    def build(self) -> None:
        """Export the page to `out/`, with a compressed variant of each file that gets smaller.

        Raises:
            StartError: The packages cannot be installed, or the build failed.
        """
        with self._folder_lock():
            digest = self._digest(self._sources())
            if self.is_built and self._read(EXPORTED_DIGEST) == digest:
                return
            self._install()
            say("Building the web page ...")
            self._run("npm run build", *NPM, "run", "build")
            if not self.is_built:
                raise StartError(f"npm run build made no index.html in {self._folder / 'out'}.")
            self._run("Compressing", sys.executable, "-m", "whitenoise.compress", "--quiet", "out")
            (self._folder / EXPORTED_DIGEST).write_text(digest)

    def build_if_possible(self) -> None:
        """Build the page, or say why that failed: the API is useful without a page."""
        if not self.exists:
            return
        try:
            self.build()
        except StartError as error:
            consequence = (
                "An older build of it is served." if self.is_built else "The API runs without it."
            )
            say(
                f"The web page could not be built: {error}\n"
                f"{consequence} (Complete output: {self.log})"
            )

    def install(self) -> None:
        """Install the packages that the lock file pins, unless they are installed.

        Raises:
            StartError: They cannot be installed.
        """
        if not self.exists:
            return
        with self._folder_lock():
            self._install()

    def _install(self) -> None:
        digest = self._digest(self._folder / name for name in PACKAGE_FILES)
        if self._read(INSTALLED_DIGEST) == digest:
            return
        say("Installing the packages of the web page ...")
        self._run("npm ci", *NPM, "ci", "--no-audit", "--no-fund")
        (self._folder / INSTALLED_DIGEST).parent.mkdir(exist_ok=True)  # missing without packages
        (self._folder / INSTALLED_DIGEST).write_text(digest)

    def _run(self, title: str, *command: str) -> None:
        start = self.log.stat().st_size if self.log.exists() else 0
        status = child.run(
            command, self._environment, self._folder, self._interrupt, output=self.log
        )
        if status:
            with self.log.open("rb") as log:
                log.seek(start)
                lines = log.read().decode(errors="replace").strip().splitlines()
            if len(lines) > FIRST_LINES + LAST_LINES:  # npm explains the error, then its usage
                lines[FIRST_LINES:-LAST_LINES] = ["..."]
            output = "\n    ".join(lines)
            raise StartError(f"{title} ended with {status} in {self._folder}:\n    {output}")

    def _sources(self) -> Iterator[Path]:
        for entry in sorted(self._folder.iterdir()):
            if entry.name not in NOT_SOURCES and entry.suffix != ".tsbuildinfo":
                yield from sorted(entry.rglob("*")) if entry.is_dir() else [entry]

    def _digest(self, paths: Iterator[Path]) -> str:
        digest = hashlib.sha256((ROOT / "requirements-local.txt").read_bytes())  # pins Node
        for path in paths:
            if path.is_file():
                digest.update(f"{path.relative_to(self._folder)}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    def _read(self, name: Path) -> str | None:
        try:
            return (self._folder / name).read_text()
        except OSError:
            return None

    @contextmanager
    def _folder_lock(self) -> Iterator[None]:
        """Let two starts of one checkout take turns; the second finds the work of the first."""
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            while not _try_lock(folder):
                self._interrupt.check()
                time.sleep(POLL_SECONDS)
            yield
        finally:
            os.close(folder)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

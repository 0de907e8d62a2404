"""Build the web page: its packages and its export, each only when what it is made from changed.

The notes of what they were made from lie inside of what they speak about, so that they go with it:
npm and Next empty these folders before they write.
"""

import fcntl
import hashlib
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scripts.local import child
from scripts.local.bootstrap import ROOT, say
from scripts.local.errors import StartError
from scripts.local.interrupt import Interrupt
from scripts.local.node import NPM, with_node

FOLDER = ROOT / "frontend"
PACKAGES = ("package.json", "package-lock.json", ".npmrc")
# What the build itself writes, and what tests leave.
NO_SOURCES = {"node_modules", ".next", "out", "coverage", "next-env.d.ts"}
INSTALLED, EXPORTED = Path("node_modules/.installed-from"), Path("out/.built-from")
FIRST_LINES, LAST_LINES = 10, 30
POLL_SECONDS = 0.1


class Frontend:
    """The web page's folder in the checkout; what its programs say goes to the file `log`."""

    def __init__(
        self, environment: Mapping[str, str], interrupt: Interrupt, log: Path, folder: Path = FOLDER
    ) -> None:
        self._environment = with_node(environment)
        self._interrupt = interrupt
        self.log = log
        self._folder = folder

    @property
    def is_there(self) -> bool:
        """Whether the checkout has a web page at all."""
        return (self._folder / "package.json").is_file()

    @property
    def is_built(self) -> bool:
        """Whether there is an export, of whatever sources."""
        return (self._folder / "out" / "index.html").is_file()

    def build(self) -> None:
        """Make `out/` what the sources say, with compressed variants beside what compresses.

        Raises:
            StartError: The packages cannot be installed, or the build failed.
        """
        with self._one_at_a_time():
            made_from = self._digest(self._sources())
            if self.is_built and self._note(EXPORTED) == made_from:
                return
            self._install()
            say("Building the web page ...")
            self._run("npm run build", *NPM, "run", "build")
            if not self.is_built:
                raise StartError(f"npm run build has left no index.html in {self._folder / 'out'}.")
            self._run("Compressing", sys.executable, "-m", "whitenoise.compress", "--quiet", "out")
            (self._folder / EXPORTED).write_text(made_from)

    def build_if_possible(self) -> None:
        """Build, or say why there is no new page: the API is of use without one."""
        if not self.is_there:
            return
        try:
            self.build()
        except StartError as error:
            rest = (
                "An older build of it is served." if self.is_built else "The API runs without it."
            )
            say(f"The web page could not be built: {error}\n{rest} (All that was said: {self.log})")

    def install(self) -> None:
        """Install the packages that the lock file pins, unless they are there.

        Raises:
            StartError: They cannot be installed.
        """
        if not self.is_there:
            return
        with self._one_at_a_time():
            self._install()

    def _install(self) -> None:
        made_from = self._digest(self._folder / name for name in PACKAGES)
        if self._note(INSTALLED) == made_from:
            return
        say("Installing the packages of the web page ...")
        self._run("npm ci", *NPM, "ci", "--no-audit", "--no-fund")
        (self._folder / INSTALLED).parent.mkdir(exist_ok=True)  # a page without packages has none
        (self._folder / INSTALLED).write_text(made_from)

    def _run(self, title: str, *command: str) -> None:
        start = self.log.stat().st_size if self.log.exists() else 0
        status = child.run(
            command, self._environment, self._folder, self._interrupt, output=self.log
        )
        if status:
            with self.log.open("rb") as log:
                log.seek(start)
                lines = log.read().decode(errors="replace").strip().splitlines()
            if len(lines) > FIRST_LINES + LAST_LINES:  # npm says what is wrong, then how to use it
                lines[FIRST_LINES:-LAST_LINES] = ["..."]
            said = "\n    ".join(lines)
            raise StartError(f"{title} ended with {status} in {self._folder}:\n    {said}")

    def _sources(self) -> Iterator[Path]:
        for entry in sorted(self._folder.iterdir()):
            if entry.name not in NO_SOURCES and entry.suffix != ".tsbuildinfo":
                yield from sorted(entry.rglob("*")) if entry.is_dir() else [entry]

    def _digest(self, paths: Iterator[Path]) -> str:
        digest = hashlib.sha256((ROOT / "requirements-local.txt").read_bytes())  # pins Node
        for path in paths:
            if path.is_file():
                digest.update(f"{path.relative_to(self._folder)}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    def _note(self, name: Path) -> str | None:
        try:
            return (self._folder / name).read_text()
        except OSError:
            return None

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """Two starts of one checkout take turns; the second finds the work of the first."""
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            while not _locked(folder):
                self._interrupt.check()
                time.sleep(POLL_SECONDS)
            yield
        finally:
            os.close(folder)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

"""Fixtures for tests of the start scripts: folders, environments, running scripts."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.local.checkout import PYTHON, ROOT
from scripts.local.running.services import EXPORTED
from tests.scripts.processes import Start, Started, processes_of, until


@pytest.fixture
def data() -> Iterator[Path]:
    """A new folder that other accounts may pass through; PostgreSQL's account has to."""
    folder = Path(tempfile.mkdtemp(prefix="test-up-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def _own_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in EXPORTED}


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment without the services of the running test command."""
    return _own_environment()


WRITE = """
import os, psycopg2, redis
connection = psycopg2.connect(os.environ["DATABASE_URL"])
connection.cursor().execute("CREATE TABLE kept (what text); INSERT INTO kept VALUES ('a row')")
connection.commit()
redis.Redis.from_url(os.environ["CELERY_BROKER_URL"]).set("kept", "a message")
print("written", flush=True)
"""


@pytest.fixture(scope="session")
def _written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder in which a start has written a row and a message."""
    folder = Path(tempfile.mkdtemp(prefix="test-up-"))
    folder.chmod(0o711)
    command = [PYTHON, ROOT / "scripts" / "services", "--data", folder, "--", PYTHON, "-c", WRITE]
    # PATH is empty, as in a small container image.
    nothing = str(tmp_path_factory.mktemp("no-programs"))
    subprocess.run(command, check=True, cwd=ROOT, env=_own_environment() | {"PATH": nothing})
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def used(_written: Path, data: Path) -> Path:
    """A copy of the written data folder, with its owners and modes."""
    subprocess.run(["cp", "-a", f"{_written}/.", data], check=True)
    return data


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str], data: Path) -> Iterator[Start]:
    """Start a script in the background. At the end, kill scripts that still run."""
    started: list[Started] = []

    def run(script: str, *arguments: str, **variables: str) -> Started:
        folder = tmp_path / str(len(started))
        folder.mkdir()
        command = [str(PYTHON), str(ROOT / "scripts" / script), *arguments]
        started.append(Started(command, environment | variables, folder))
        return started[-1]

    yield run
    for one in started:
        if one.process.poll() is None:
            one.end(signal.SIGKILL)
    until(lambda: not processes_of(data), f"the end of {processes_of(data)}")

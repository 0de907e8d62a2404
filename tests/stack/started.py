"""The whole service, started once for all tests that need it, as an operator starts it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.local.bootstrap import PYTHON, ROOT
from scripts.local.ports import find_free
from scripts.local.services import EXPORTED
from tests.scripts.processes import Started, processes_of, until
from tests.stack.service import Service


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """`scripts/up` on an empty data folder, without rate limits; stopped at the end."""
    data = Path(tempfile.mkdtemp(prefix="test-stack-"))
    data.chmod(0o711)  # else the database of a root's start goes elsewhere, and stays
    given = {*EXPORTED, "DJANGO_SETTINGS_MODULE"}  # what the running test command has set
    environment = {name: value for name, value in os.environ.items() if name not in given}
    environment |= {"RATE_LIMITS": "off", "LOGIN_FAILURE_LIMIT": "1000"}
    port = str(find_free())
    command = [str(PYTHON), str(ROOT / "scripts/up"), "--port", port, "--data", str(data)]
    started = Started(command, environment, tmp_path_factory.mktemp("stack"))
    try:
        address = started.await_line("ready: ").removeprefix("ready: ")
        yield Service(address, data)
    finally:
        if started.process.poll() is None:
            started.end()
    until(lambda: not processes_of(data), f"the end of {processes_of(data)}")
    shutil.rmtree(data)

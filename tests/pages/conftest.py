"""A service with an exported page, and two browsers: one that is signed in, one that is not."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from api.auth.cookies import SIGNED_IN
from tests.builders import export


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export to copy: compressing it starts a process."""
    return export.write(tmp_path_factory.mktemp("export") / "out", compressed=True)


@pytest.fixture
def root(exported: Path, tmp_path: Path, settings: Any) -> Path:
    """The folder of the export, which the service serves."""
    settings.FRONTEND_ROOT = str(shutil.copytree(exported, tmp_path / "out"))
    return Path(settings.FRONTEND_ROOT)


@pytest.fixture
def stranger(root: Path) -> Client:
    return Client(headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})


@pytest.fixture
def member(root: Path) -> Client:
    client = Client(headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    client.cookies[SIGNED_IN] = "1"
    return client

"""The service runs with what its own requirements install, without those of the tests."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# As if only the required distributions were installed, for imports and for those who look first.
BLOCK = """
import importlib.metadata, re, sys

required = set({required!r})
find = importlib.metadata.Distribution.from_name

def find_required(name):
    if re.sub(r"[-_.]+", "-", name).lower() not in required:
        raise importlib.metadata.PackageNotFoundError(name)
    return find(name)

importlib.metadata.Distribution.from_name = find_required

class Refuse:
    refused = set({refused!r})

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.refused:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Refuse())
"""

SERVICE = """
import django
django.setup()
import celery.bin.celery, celery.beat, celery.worker, image_processing_service.web.worker
import kombu.transport.redis
import image_processing_service.asgi, image_processing_service.urls
from image_processing_service.celery import app
app.loader.import_default_modules()
app.connection_for_write().default_channel.close()
"""

STARTER = "import scripts.local.running.up, scripts.local.running.smoke, supervisor.supervisord"


def locked(*names: str) -> set[str]:
    """The distributions that lock files install, their names in one spelling."""
    lines = [line for name in names for line in (ROOT / name).read_text().splitlines()]
    return {normal(re.split(r"[=\[ ]", line)[0]) for line in lines if line and line[0] != "#"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(
    ("files", "code"),
    [
        pytest.param(["requirements.txt"], SERVICE, id="service"),
        pytest.param(["requirements.txt", "requirements-local.txt"], STARTER, id="starter"),
    ],
)
def test_nothing_is_imported_that_is_not_required(files: list[str], code: str) -> None:
    required = locked(*files) | {"pip", "setuptools"}
    refused = {
        module
        for module, owners in packages_distributions().items()
        if not {normal(owner) for owner in owners} & required
    }
    assert "pytest" in refused
    program = BLOCK.format(required=sorted(required), refused=sorted(refused)) + code
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr

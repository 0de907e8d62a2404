"""The client stands alone: httpx is all it needs, and nothing of the service."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

from tests.client.conftest import SOURCE

CLIENT = SOURCE.parent

# Imports every module of the client; prints what that brought in besides httpx and Python itself.
PROGRAM = """
import importlib, pkgutil, sys
import httpx
before = set(sys.modules)
import image_processing_client as client
for module in pkgutil.walk_packages(client.__path__, "image_processing_client."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
new = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*new - set(sys.stdlib_module_names))
"""


def test_httpx_is_all_that_is_imported(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        cwd=tmp_path,
        env={"PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["image_processing_client"]


def test_the_package_says_so() -> None:
    said = tomllib.loads((CLIENT / "pyproject.toml").read_text())["project"]
    assert [Requirement(one).name for one in said["dependencies"]] == ["httpx"]
    assert said["scripts"] == {"ips": "image_processing_client.cli:main"}
    assert (SOURCE / "image_processing_client" / "py.typed").exists()
    assert (CLIENT / "LICENSE").read_text() == (CLIENT.parent / "LICENSE").read_text()

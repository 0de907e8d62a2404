"""The first request of the README, as printed, against the running service."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from scripts.local.ports import find_free
from tests.project.documents import ROOT, marked_code
from tests.scripts.processes import Start


@pytest.mark.stack
def test_the_first_request_gives_the_picture(start: Start, data: Path, tmp_path: Path) -> None:
    port = find_free()
    # pytest names the tests' settings to its children; this one is the service as people start it.
    settings = {"DJANGO_SETTINGS_MODULE": "image_processing_service.settings"}
    service = start("up", "--port", str(port), "--data", str(data), **settings)
    service.await_line("ready: ")
    try:
        result = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", marked_code("README.md", "first-request")],
            cwd=tmp_path,
            env={
                "PATH": "/usr/local/bin:/usr/bin:/bin",
                "API": f"http://127.0.0.1:{port}/api/v1",
                "PHOTO": str(ROOT / "scripts" / "local" / "rocket.jpg"),
            },
            text=True,
            capture_output=True,
        )
    finally:
        assert service.end(signal.SIGTERM) == 0
    assert result.returncode == 0, result.stderr
    with Image.open(tmp_path / "result.jpg") as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "L", (800, 600))


def test_the_photograph_of_the_first_request_is_there() -> None:
    assert "PHOTO=${PHOTO:-scripts/local/rocket.jpg}" in marked_code("README.md", "first-request")
    with Image.open(ROOT / "scripts" / "local" / "rocket.jpg") as image:
        assert image.format == "JPEG"

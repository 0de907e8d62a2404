"""The first request of the README, as printed, against the running service."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.project.documents import ROOT, marked_code
from tests.stack.service import Service


@pytest.mark.stack
def test_the_first_request_gives_the_picture(service: Service, tmp_path: Path) -> None:
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", marked_code("README.md", "first-request")],
        cwd=tmp_path,
        env={
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "API": f"{service.url}/api/v1",
            "PHOTO": str(ROOT / "scripts" / "local" / "rocket.jpg"),
        },
        text=True,
        capture_output=True,
    )
    assert result.returncode == 0, result.stderr
    with Image.open(tmp_path / "result.jpg") as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "L", (800, 600))


def test_the_photograph_of_the_first_request_is_there() -> None:
    assert "PHOTO=${PHOTO:-scripts/local/rocket.jpg}" in marked_code("README.md", "first-request")
    with Image.open(ROOT / "scripts" / "local" / "rocket.jpg") as image:
        assert image.format == "JPEG"

"""The examples of the client's README, as printed, at the running service."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import pictures
from tests.client.conftest import PASSWORD, Shell
from tests.project.documents import marked_code
from tests.stack.service import Service

pytestmark = pytest.mark.stack


def test_the_examples_work(
    signed_in_shell: Shell, service: Service, email: str, tmp_path: Path
) -> None:
    shell = signed_in_shell
    for path, seed in (("photo.jpg", 51), ("photos/x.jpg", 52), ("photos/a/x.jpg", 53)):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(pictures.jpeg(900, 600, seed=seed))

    def run(command: list[str]) -> str:
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=shell.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    start = f'ips() {{ "{sys.executable}" -m image_processing_client "$@"; }}\n'
    for mark in ("transform", "script", "batch"):
        code = start + marked_code("client/README.md", mark)
        run(["bash", "-euo", "pipefail", "-c", code])
    assert size(tmp_path / "small.webp") == (800, 533)
    assert size(tmp_path / "sepia.jpg") == (900, 600)
    assert size(tmp_path / "small" / "a" / "x.webp") == (320, 213)

    (tmp_path / "small.webp").unlink()
    for mark, said in (
        ("library", "photo.jpg 900"),
        ("one-request", "640 427 JPEG True"),
        ("errors", "/params/width 16384 99999"),
    ):
        code = marked_code("client/README.md", mark)
        for shown, real in (
            ("https://images.example.com", service.url),
            ("me@example.com", email),
            ('"..."', repr(PASSWORD)),
        ):
            assert shown in code
            code = code.replace(shown, real)
        assert said in run([sys.executable, "-c", code])
    assert size(tmp_path / "small.webp") == (800, 533)


def size(path: Path) -> tuple[int, int]:
    return pictures.opened(path.read_bytes()).size

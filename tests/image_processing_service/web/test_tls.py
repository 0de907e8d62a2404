"""A certificate that the web server would not use is refused when it starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from scripts.local.servers.ports import HOST


def test_a_certificate_is_refused(tmp_path: Path) -> None:
    certificate = tmp_path / "certificate.pem"
    certificate.touch()
    command = [
        *(sys.executable, "-m", "gunicorn", "tests.servers.web_app"),
        *("--bind", f"{HOST}:0", "--certfile", str(certificate), "--no-control-socket"),
        *("--worker-class", "image_processing_service.web.worker.WebWorker"),
    ]
    ended = subprocess.run(
        command, env=dict(os.environ), capture_output=True, timeout=60, text=True
    )
    assert ended.returncode != 0
    assert "The web server speaks no TLS" in ended.stderr
    assert "Traceback" not in ended.stderr

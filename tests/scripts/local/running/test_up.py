"""scripts/up: the whole service, started, used and stopped for real."""

import os
import signal
import socket
import urllib.request
from pathlib import Path

import pytest
from PIL import Image

from scripts.local.servers.ports import find_free
from tests.scripts.processes import Start, processes_of, until


@pytest.mark.long
@pytest.mark.stack
def test_from_start_to_ready_to_stop_and_again(start: Start, data: Path) -> None:
    port = find_free()
    arguments = ["--port", str(port), "--data", str(data), "--admin", "admin@example.com"]
    first = start("up", *arguments)
    address = f"http://127.0.0.1:{port}"
    assert first.await_line("ready: ") == f"ready: {address}"
    with urllib.request.urlopen(f"{address}/readyz") as answer:
        assert answer.status == 200
    assert "administrator admin@example.com, user name admin, password " in first.err.read_text()
    first.end(signal.SIGKILL)

    # What was killed without warning is found stopped and in order, and the data is kept.
    second = start("up", *arguments)
    assert second.await_line("ready: ") == f"ready: {address}"
    said = second.err.read_text()
    assert "admin@example.com is already an administrator" in said
    assert "Preparing the database" not in said
    assert "Collecting static files" not in said
    assert second.end(signal.SIGTERM) == 0
    assert second.out.read_text() == f"ready: {address}\n"
    assert processes_of(data) == []


@pytest.mark.stack
def test_smoke(start: Start, data: Path) -> None:
    smoke = start("up", "--smoke", TMPDIR=str(data))
    assert smoke.exit_status() == 0, smoke.err.read_text()
    lines = smoke.out.read_text().splitlines()
    picture = Path(lines[-1].removeprefix("picture: "))
    with Image.open(picture) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "L", (320, 200))
    # Nothing but the picture stays.
    assert list(data.iterdir()) == [picture.parent]
    steps = ["register", "upload", "submit", "wait for", "download", "the same link with no"]
    assert all(any(line.startswith(step) for line in lines) for step in steps)


@pytest.mark.long
@pytest.mark.stack
@pytest.mark.parametrize(
    "log", ["migrate.log", pytest.param("worker-light.log", marks=pytest.mark.long)]
)
def test_ctrl_c_while_starting_leaves_no_process(start: Start, data: Path, log: str) -> None:
    up = start("up", "--port", str(find_free()), "--data", str(data))
    until(lambda: (data / "logs" / log).exists() or up.process.poll() is not None, log)
    assert up.end(signal.SIGINT) == 0
    assert up.out.read_text() == ""
    assert processes_of(data) == []


def test_a_port_in_use_is_one_sentence(start: Start, data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        up = start("up", "--port", str(port), "--data", str(data))
        assert up.exit_status() == 1
    assert up.err.read_text() == (
        f"Port {port} is in use by another program: choose one with --port.\n"
    )
    assert processes_of(data) == []


def test_an_unreachable_database_is_one_sentence(start: Start, data: Path) -> None:
    port = find_free()
    url = f"postgres://me:hidden@127.0.0.1:{port}/pictures"
    up = start("up", "--port", str(find_free()), "--data", str(data), DATABASE_URL=url)
    assert up.exit_status() == 1
    assert up.err.read_text() == (
        f"DATABASE_URL names the database pictures at 127.0.0.1:{port}, "
        "which cannot be used: Connection refused.\n"
    )


def test_settings_that_are_refused_are_one_sentence(start: Start, data: Path) -> None:
    up = start("up", "--port", str(find_free()), "--data", str(data), IMAGE_MAX_PIXELS="many")
    assert up.exit_status() == 1
    last = up.err.read_text().splitlines()[-1]
    assert last.startswith("manage.py migrate failed: ")
    assert "IMAGE_MAX_PIXELS" in last
    assert os.fspath(data / "logs" / "migrate.log") in last
    assert processes_of(data) == []

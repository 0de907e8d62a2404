"""Short versions of every scenario: few tasks, few faults, the same promises.

The quick run has the one scenario that no simpler test covers: all servers that the workers use go
away and come back.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos import (
    account_deletion,
    broker_away,
    full_disk,
    lease_takeover,
    runaway_memory,
    services_killed,
    silent_name_server,
    slow_clients,
    slow_storage,
    tag_bomb,
    two_schedulers,
    worker_kills,
    worker_stops,
)
from tests.chaos.figures import NO_HANG, require_kept
from tests.stack.service import Service

pytestmark = pytest.mark.stack


@pytest.mark.long
def test_worker_kills(service: Service) -> None:
    require_kept(worker_kills.run(service, tasks=100, kills=4))


@pytest.mark.long
def test_account_deletion(service: Service) -> None:
    require_kept(account_deletion.run(service, images=3000, kills=1))


@pytest.mark.long
def test_worker_stops(service: Service) -> None:
    require_kept(worker_stops.run(service, tasks=1))


def test_broker_kill_flush_and_database_restart(service: Service) -> None:
    require_kept(services_killed.run(service, tasks=40, broker_kills=1, flushes=1, restarts=1))


@pytest.mark.long
@pytest.mark.parametrize("silent", [False, True], ids=["away", "silent"])
def test_without_a_broker(service: Service, silent: bool) -> None:
    figures = broker_away.run(service, seconds=3, tasks=12, silent=silent, answer_within=NO_HANG)
    assert require_kept(figures).tasks > 12


@pytest.mark.long
def test_two_schedulers(service: Service) -> None:
    require_kept(two_schedulers.run(service, tasks=40))


@pytest.mark.long
def test_lease_takeover(service: Service) -> None:
    assert require_kept(lease_takeover.run(service, tasks=1, hurry=True)).run_twice == 1


@pytest.mark.long
def test_runaway_memory(service: Service) -> None:
    require_kept(runaway_memory.run(service, tasks=2))


@pytest.mark.long
def test_slow_clients(service: Service) -> None:
    require_kept(slow_clients.run(service, connections=32, seconds=3, answer_within=NO_HANG))


@pytest.mark.long
def test_silent_name_server() -> None:
    with silent_name_server.service_with_silent_names() as service:
        require_kept(silent_name_server.run(service, requests=20, answer_within=NO_HANG))


@pytest.mark.long
def test_tag_bombs(service: Service) -> None:
    require_kept(tag_bomb.run(service, megabytes=4, seconds=NO_HANG))


@pytest.mark.long
def test_full_disk(service: Service, disk: Path | None) -> None:
    if disk is None:
        pytest.skip("no small disk: mounting one needs root, and /dev/shm is not small")
    require_kept(full_disk.run(service, disk, tasks=30, uploads=3))


@pytest.mark.long
def test_slow_and_failing_storage() -> None:
    with slow_storage.service_on_a_faulty_store() as (service, store, weather):
        figures = slow_storage.run(service, store, weather, tasks=20, uploads=8, percent=40)
        assert require_kept(figures).faults["storage faults"] >= 5

"""The processor time that the programs of a running service have used."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from tests.stack.service import Service

PROGRAMS = {
    "web": "web",
    "light": "workers:worker-light",
    "derive": "workers:worker-derive",
    "system": "workers:worker-system",
    "PostgreSQL": "postgres",
    "Redis": "redis",
}


def by_program(service: Service) -> dict[str, float]:
    """Return seconds by program, with those of its child processes, also of ended ones."""
    return {name: _of_family(service.pid(program)) for name, program in PROGRAMS.items()}


def peak_memory(service: Service) -> dict[str, int]:
    """Return the peak resident memory of each worker's largest process, in bytes."""
    peaks = {}
    for line in service.supervisorctl("status").splitlines():
        program = line.split()[0]
        if "worker" in program:
            family = _family(service.pid(program))
            peaks[program.partition(":")[2]] = max(map(_peak, family))
    return peaks


def _family(pid: int) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def _of_family(pid: int) -> float:
    total = 0.0
    for process in _family(pid):
        with suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:4])
    return total


def _peak(process: psutil.Process) -> int:
    with suppress(OSError):  # it has ended
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0

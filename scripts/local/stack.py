"""A running set of programs: started in order, watched while starting, stopped in order."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from scripts.local import child, postgres, redis_server
from scripts.local.bootstrap import PYTHON, ROOT, say
from scripts.local.data_folder import DataFolder
from scripts.local.environment import complete, names_database, names_redis
from scripts.local.errors import StartError
from scripts.local.interrupt import Interrupt
from scripts.local.program import Program
from scripts.local.supervisor import Supervisor

POLL_SECONDS = 0.1
PREVIOUS_RUN_SECONDS = 120
FAILED_STATES = {"BACKOFF", "EXITED", "FATAL", "UNKNOWN"}
EXCEPTION = re.compile(r"^[\w.]+(Error|Exception|Configured|Warning|Refused)\b.*")


class Stack:
    """The embedded services that the environment leaves open, and programs beside them."""

    def __init__(
        self,
        data: DataFolder,
        given: Mapping[str, str],
        interrupt: Interrupt,
        *,
        public_url: str,
        durable: bool = True,
    ) -> None:
        """Prepare the services of the data folder; nothing is started yet.

        Raises:
            StartError: They cannot be prepared, or programs of an earlier run do not end.
        """
        self.data = data
        self.interrupt = interrupt
        self._await_previous_run()
        self._postgres = None if names_database(given) else postgres.prepare(data, durable=durable)
        self._redis = None if names_redis(given) else redis_server.prepare(data)
        self.environment = complete(given, data, self._postgres, self._redis, public_url)
        self._supervisor: Supervisor | None = None
        self._processes: dict[str, int] = {}
        self._patience = 30.0

    def start(self, programs: Sequence[Program] = ()) -> None:
        """Start supervisord and the services, and wait for them; the programs stay stopped."""
        services = [service for service in (self._postgres, self._redis) if service]
        own = [service.program() for service in services]
        everything = [*own, *programs]
        self._patience = 30.0 + sum(program.stop_seconds for program in everything)
        self._supervisor = Supervisor(self.data, ROOT, everything)
        self._supervisor.start(self.environment)
        self.wait_until(self._supervisor.answers, "supervisord", seconds=30)
        self.start_programs([program.name for program in own])
        for service, program in zip(services, own, strict=True):
            # Replaying the log after a crash may take a while.
            self.wait_until(service.answers, program.name, seconds=120)
        if self._postgres:
            self._postgres.create_database()

    def start_programs(self, names: Sequence[str]) -> None:
        """Let the supervisor start these programs."""
        assert self._supervisor is not None
        self._supervisor.start_programs(names)

    def wait_until(self, condition: Callable[[], bool], name: str, *, seconds: float) -> None:
        """Wait for a condition while making sure that nothing started so far has failed.

        Raises:
            StartError: A program ended, or the time is over.
            StopRequested: The person wants to stop.
        """
        end = time.monotonic() + seconds
        while not condition():
            self.check()
            if time.monotonic() > end:
                raise StartError(
                    f"{name} did not answer within {seconds:.0f} seconds: see {self.log(name)}."
                )
            time.sleep(POLL_SECONDS)

    def check(self) -> None:
        """Raise StartError when a program has failed, StopRequested on a signal."""
        self.interrupt.check()
        assert self._supervisor is not None
        if not self._supervisor.is_running():
            raise StartError(f"supervisord ended: {self._why('supervisord')}")
        for name, (state, process) in self._supervisor.processes().items():
            known = self._processes.setdefault(name, process) or process
            # Started anew between two looks is failed, too.
            if state in FAILED_STATES or (process and process != known):
                raise StartError(f"{name} did not start: {self._why(name)}")
            self._processes[name] = process or known

    def wait_for_end(self) -> None:
        """Stay until a signal arrives.

        Raises:
            StartError: The supervisor has gone away.
            StopRequested: A signal arrived.
        """
        assert self._supervisor is not None
        while self._supervisor.is_running():
            self.interrupt.check()
            self._supervisor.wait(0.2)
        self.interrupt.check()
        raise StartError(f"supervisord ended: {self._why('supervisord')}")

    def run(self, command: Sequence[str], title: str) -> None:
        """Run a command to its end in the stack's environment, its output in the log `title`.

        Raises:
            StartError: It did not end well.
        """
        log = self.log(title)
        status = child.run(
            command, self.environment, ROOT, self.interrupt, lock=self.data.program_lock, log=log
        )
        if status != 0:
            raise StartError(f"{title} failed: {self._why(title)}")

    def manage(self, *arguments: str) -> None:
        """Run `manage.py` with these arguments to its end."""
        self.run([str(PYTHON), "manage.py", *arguments], arguments[0])

    def stop(self) -> None:
        """Stop everything in order and wait until no process is left."""
        if self._supervisor is None:
            return
        self._supervisor.request_stop()
        if not self._supervisor.wait(self._patience):
            say("The programs do not stop; killing them.")
            self._supervisor.kill()
        if not self.data.wait_for_programs(self._patience, lambda: False):
            say(f"Some processes of {self.data.path} are still running.")

    def log(self, name: str) -> Path:
        """The file to which the program of that name writes."""
        return self.data.logs / f"{name}.log"

    def _await_previous_run(self) -> None:
        if self.data.wait_for_programs(0, lambda: False):
            return
        say("An earlier run on this data folder is still stopping ...")
        if not self.data.wait_for_programs(PREVIOUS_RUN_SECONDS, lambda: self.interrupt.requested):
            self.interrupt.check()
            raise StartError(
                f"Programs of an earlier run on {self.data.path} are still running after "
                f"{PREVIOUS_RUN_SECONDS} seconds: end them and start again."
            )

    def _why(self, name: str) -> str:
        """The last thing that a program said, as part of a sentence."""
        try:
            lines = self.log(name).read_text(errors="replace").splitlines()[-60:]
        except OSError:
            lines = []
        lines = [line.strip() for line in lines if line.strip()]
        errors = [line for line in lines if EXCEPTION.match(line)]
        said = (errors or lines or ["it said nothing"])[-1].rstrip(".")
        return f"{said} (see {self.log(name)})."

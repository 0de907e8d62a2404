"""A running set of programs: started in order, watched while starting, stopped in order."""

import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from scripts.local import child, postgres, redis_server
from scripts.local.bootstrap import PYTHON, ROOT, say
from scripts.local.data_folder import DataFolder
from scripts.local.environment import complete, names_database, names_redis
from scripts.local.errors import StartError
from scripts.local.given_services import require_answers
from scripts.local.interrupt import Interrupt
from scripts.local.program import Program
from scripts.local.supervisor import Supervisor

POLL_SECONDS = 0.1
HURRY_SECONDS = 5
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
        programs: Sequence[Program] = (),
    ) -> None:
        """Prepare the services of the data folder; nothing is started yet.

        Without `durable`, a power cut may cost the database, and a restart the queue; both are
        faster then.

        Raises:
            StartError: They cannot be prepared, or one that is named does not answer.
        """
        require_answers(given)
        self.data = data
        self.given = given
        self.interrupt = interrupt
        self._postgres = None if names_database(given) else postgres.prepare(data, durable=durable)
        self._redis = None if names_redis(given) else redis_server.prepare(data, durable=durable)
        self.environment = complete(given, data, self._postgres, self._redis, public_url)
        self._services = [service for service in (self._postgres, self._redis) if service]
        self._programs = programs
        everything = [*(service.program() for service in self._services), *programs]
        self._patience = 30 + sum(program.stop_seconds for program in everything)
        self._supervisor = Supervisor(data, ROOT, everything)
        self._processes: dict[str, int] = {}

    def start(self) -> None:
        """Start supervisord and the services, and wait for them; the programs stay stopped.

        Raises:
            StartError: One of them does not start.
            StopRequested: The person wants to stop.
        """
        temporary = {"TMPDIR": str(self.data.temporary)}  # read by Python's tempfile
        self._supervisor.start(temporary | self.environment)
        self.wait_until(self._supervisor.answers, "supervisord", seconds=30)
        names = [service.program().name for service in self._services]
        self._supervisor.start_programs(names)
        for service, name in zip(self._services, names, strict=True):
            # Replaying its log after a crash may take a while.
            self.wait_until(service.answers, name, seconds=120)
        if self._postgres:
            self._postgres.create_database()

    def start_programs(self) -> None:
        """Start what the services are there for, without waiting."""
        self._supervisor.start_programs([program.name for program in self._programs])

    def is_running(self, name: str) -> bool:
        """Whether that program has been running for at least a second."""
        return self._supervisor.processes().get(name, ("", 0))[0] == "RUNNING"

    def wait_until(
        self,
        condition: Callable[[], bool],
        name: str,
        *,
        seconds: float,
        last_answer: Callable[[], str] = lambda: "no answer",
    ) -> None:
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
                    f"{name} was not ready within {seconds:.0f} seconds: {last_answer()} "
                    f"(see {self.log(name)})."
                )
            time.sleep(POLL_SECONDS)

    def check(self) -> None:
        """Raise StartError when a program has failed, StopRequested on a signal."""
        self.interrupt.check()
        if not self._supervisor.is_running():
            raise StartError(f"supervisord has ended by itself: see {self.log('supervisord')}.")
        for name, (state, process) in self._supervisor.processes().items():
            known = self._processes.setdefault(name, process) or process
            # Started anew between two looks is failed, too.
            if state in FAILED_STATES or (process and process != known):
                raise StartError(f"{name} did not start: {self._why(name)}")
            self._processes[name] = process or known

    def wait_for_end(self) -> NoReturn:
        """Stay until a signal arrives.

        Raises:
            StartError: The supervisor has gone away.
            StopRequested: A signal arrived.
        """
        while self._supervisor.is_running():
            self.interrupt.check()
            self._supervisor.wait(0.2)
        self.interrupt.check()
        raise StartError(f"supervisord has ended by itself: see {self.log('supervisord')}.")

    def manage(self, *arguments: str, to_terminal: bool = False) -> None:
        """Run `manage.py` with these arguments to its end, its output in a log of that name.

        Raises:
            StartError: It did not end well.
        """
        title = arguments[0]
        status = child.run(
            [str(PYTHON), "manage.py", *arguments],
            self.environment,
            ROOT,
            self.interrupt,
            lock=self.data.program_lock,
            output=sys.stderr.fileno() if to_terminal else self.log(title),
        )
        if status != 0 and to_terminal:
            raise StartError(f"manage.py {title} failed, see above.")
        if status != 0:
            raise StartError(f"manage.py {title} failed: {self._why(title)}")

    def stop(self) -> None:
        """Stop everything in order and wait until no process is left.

        When the person asks again, or the time is over, what does not end at once is killed.
        """
        self._supervisor.request_stop()
        end = time.monotonic() + self._patience
        while not self._supervisor.wait(POLL_SECONDS):
            if self.interrupt.hurried or time.monotonic() > end:
                say(f"Ending at once; what still runs in {HURRY_SECONDS} seconds is killed ...")
                self._supervisor.kill(HURRY_SECONDS)
        self._supervisor.close()
        if not self.data.wait_for_programs(self._patience):
            say(f"Some processes of {self.data.path} are still running.")

    def log(self, name: str) -> Path:
        """The file to which the program of that name writes."""
        return self.data.logs / f"{name}.log"

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

"""Start database, broker and programs in order, watch them, and stop them in order."""

import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, Self

from scripts.local.checkout import PYTHON, ROOT
from scripts.local.processes import child
from scripts.local.processes.interrupt import Interrupt
from scripts.local.processes.program import Program
from scripts.local.running.environment import complete_environment
from scripts.local.running.supervisor import Supervisor
from scripts.local.servers import postgres, redis_server
from scripts.local.servers.data_folder import DataFolder
from scripts.local.servers.external_services import names_database, names_redis, require_answers
from scripts.local.terminal import StartError, say

POLL_SECONDS = 0.1
KILL_AFTER_SECONDS = 5
FAILED_STATES = {"BACKOFF", "EXITED", "FATAL", "UNKNOWN"}
EXCEPTION = re.compile(r"^[\w.]+(Error|Exception|Configured|Warning|Refused)\b.*")


class Stack:
    """The embedded servers, and programs that use them; a context manager that stops all.

    A server is only embedded when the environment names no external one.
    """

    def __init__(
        self,
        data: DataFolder,
        given_environment: Mapping[str, str],
        interrupt: Interrupt,
        *,
        public_url: str,
        durable: bool = True,
        programs: Sequence[Program] = (),
    ) -> None:
        """Prepare the servers of the data folder. Nothing is started yet.

        Without `durable` the servers are faster, but a power cut may destroy the database, and a
        restart loses the queue.

        Raises:
            StartError: They cannot be prepared, or an external server does not answer.
        """
        require_answers(given_environment)
        self.data = data
        self.given_environment = given_environment
        self.interrupt = interrupt
        self._postgres = (
            None if names_database(given_environment) else postgres.prepare(data, durable=durable)
        )
        self._redis = (
            None if names_redis(given_environment) else redis_server.prepare(data, durable=durable)
        )
        self.environment = complete_environment(
            given_environment, data, self._postgres, self._redis, public_url
        )
        self._servers = [server for server in (self._postgres, self._redis) if server]
        self._programs = programs
        all_programs = [*(server.program() for server in self._servers), *programs]
        self._stop_seconds = 30 + sum(program.stop_seconds for program in all_programs)
        self._supervisor = Supervisor(data, ROOT, all_programs)
        self._process_ids: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start supervisord and the servers and wait for them. The programs stay stopped.

        Raises:
            StartError: One of them does not start.
            StopRequested: A signal arrived.
        """
        temporary = {"TMPDIR": str(self.data.temporary)}  # for Python's tempfile
        self._supervisor.start(temporary | self.environment)
        self.wait_until(self._supervisor.answers, "supervisord", 30)
        names = [server.program().name for server in self._servers]
        self._supervisor.start_programs(names)
        for server, name in zip(self._servers, names, strict=True):
            # After a crash, a server may take a while to replay its log.
            self.wait_until(server.answers, name, 120)
        if self._postgres:
            self._postgres.create_database()

    def start_programs(self) -> None:
        """Start the programs without waiting for them."""
        self._supervisor.start_programs([program.name for program in self._programs])

    def is_running(self, name: str) -> bool:
        """Whether the program has been running for at least a second."""
        return self._supervisor.processes().get(name, ("", 0))[0] == "RUNNING"

    def wait_until(
        self,
        condition: Callable[[], bool],
        name: str,
        seconds: float,
        last_answer: Callable[[], str] = lambda: "no answer",
    ) -> None:
        """Wait for the condition, which shows that the program `name` is ready.

        Raises:
            StartError: A program ended, or the time is over; then the text has `last_answer()`.
            StopRequested: A signal arrived.
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
        """Raise StartError when a program has failed, StopRequested after a signal."""
        self._check_supervisor()
        for name, (state, process) in self._supervisor.processes().items():
            first = self._process_ids.setdefault(name, process) or process
            # Another process id means that the program failed and supervisord restarted it.
            if state in FAILED_STATES or (process and process != first):
                raise StartError(f"{name} did not start: {self._last_message(name)}")
            self._process_ids[name] = process or first

    def wait_for_end(self) -> NoReturn:
        """Wait until a signal arrives.

        Raises:
            StartError: supervisord ended.
            StopRequested: A signal arrived.
        """
        while True:
            self._check_supervisor()
            self._supervisor.wait(0.2)

    def _check_supervisor(self) -> None:
        self.interrupt.check()
        if not self._supervisor.is_running():
            raise StartError(f"supervisord ended unexpectedly: see {self.log('supervisord')}.")

    def manage(self, *arguments: str, to_terminal: bool = False) -> None:
        """Run `manage.py`; its output goes to a log named after the command, or to the terminal.

        Raises:
            StartError: It failed.
        """
        command = arguments[0]
        status = child.run(
            [str(PYTHON), "manage.py", *arguments],
            self.environment,
            ROOT,
            self.interrupt,
            lock=self.data.program_lock,
            output=sys.stderr.fileno() if to_terminal else self.log(command),
        )
        if status != 0 and to_terminal:
            raise StartError(f"manage.py {command} failed, see above.")
        if status != 0:
            raise StartError(f"manage.py {command} failed: {self._last_message(command)}")

    def stop(self) -> None:
        """Stop everything in order and wait until no process is left.

        After a second signal, or when the time is over, processes that do not end are killed.
        """
        self._supervisor.request_stop()
        end = time.monotonic() + self._stop_seconds
        while not self._supervisor.wait(POLL_SECONDS):
            if self.interrupt.is_urgent or time.monotonic() > end:
                say(f"Ending at once; killing in {KILL_AFTER_SECONDS} seconds what still runs ...")
                self._supervisor.kill(KILL_AFTER_SECONDS)
        self._supervisor.close()
        if not self.data.wait_for_programs(self._stop_seconds):
            say(f"Some processes of {self.data.path} are still running.")

    def log(self, name: str) -> Path:
        """Return the log file of the program."""
        return self.data.logs / f"{name}.log"

    def _last_message(self, name: str) -> str:
        """Return the last message in the program's log and where the log is, to end a sentence."""
        try:
            lines = self.log(name).read_text(errors="replace").splitlines()[-60:]
        except OSError:
            lines = []
        lines = [line.strip() for line in lines if line.strip()]
        errors = [line for line in lines if EXCEPTION.match(line)]
        message = (errors or lines or ["no output"])[-1].rstrip(".")
        return f"{message} (see {self.log(name)})."

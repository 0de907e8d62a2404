"""supervisord: write its configuration, and control it while it runs."""

import contextlib
import http.client
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import xmlrpc.client
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
from supervisor.xmlrpc import SupervisorTransport

from scripts.local.processes.program import Program, leash_command
from scripts.local.servers.data_folder import DataFolder

SOCKET_PATH_LIMIT = 100  # bytes; macOS allows 103, Linux 107

HEAD = """\
[unix_http_server]
file = {socket}
chmod = 0700

[supervisord]
nodaemon = true
silent = true
{user}logfile = {log}
logfile_maxbytes = 5MB
logfile_backups = 2
pidfile = {run}/supervisord.pid
childlogdir = {run}
identifier = image-processing-service

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl = unix://{socket}
"""

PROGRAM = """
[program:{name}]
command = {command}
directory = {directory}
priority = {priority}
autostart = false
autorestart = true
startsecs = 1
startretries = 100
stopsignal = {stop_signal}
stopwaitsecs = {stop_seconds}
stopasgroup = false
killasgroup = true
redirect_stderr = true
stdout_logfile = {log}
stdout_logfile_maxbytes = 10MB
stdout_logfile_backups = 3
"""

GROUP = """
[group:{name}]
programs = {programs}
priority = {priority}
"""


def render(data: DataFolder, socket: Path, directory: Path, programs: Sequence[Program]) -> str:
    """Return the configuration. Every program is stopped at first and runs on a leash.

    It holds no secrets, because the programs inherit the supervisor's environment.
    """
    user = "user = root\n" if os.geteuid() == 0 else ""  # avoids a warning about root
    parts = [
        HEAD.format(
            socket=_escape(socket),
            user=user,
            log=_escape(data.logs / "supervisord.log"),
            run=_escape(data.run),
        )
    ]
    for program in programs:
        command = leash_command(
            program.command, signal=program.stop_signal, lock=data.program_lock, user=program.user
        )
        parts.append(
            PROGRAM.format(
                name=program.name,
                command=_escape(shlex.join(command)),
                directory=_escape(program.directory or directory),
                priority=program.priority,
                stop_signal=program.stop_signal,
                stop_seconds=program.stop_seconds,
                log=_escape(data.logs / f"{program.name}.log"),
            )
        )
    for group in dict.fromkeys(program.group for program in programs if program.group):
        members = [program for program in programs if program.group == group]
        parts.append(
            GROUP.format(
                name=group,
                programs=",".join(member.name for member in members),
                priority=min(member.priority for member in members),
            )
        )
    return "".join(parts)


class Supervisor:
    """One supervisord. It stops its programs in order when this process disappears."""

    def __init__(self, data: DataFolder, directory: Path, programs: Sequence[Program]) -> None:
        """Write the configuration. Nothing is started yet."""
        self._data = data
        self._directory = directory
        self._socket = _socket_path(data)
        self._configuration = data.run / "supervisord.conf"
        self._configuration.write_text(render(data, self._socket, directory, programs))
        self._names = {
            program.name: f"{program.group or program.name}:{program.name}" for program in programs
        }
        self._process: subprocess.Popen[bytes] | None = None
        transport = SupervisorTransport(serverurl=f"unix://{self._socket}")
        self._server = xmlrpc.client.ServerProxy("http://supervisor", transport=transport)

    def start(self, environment: Mapping[str, str]) -> None:
        """Start supervisord in a new session, so that Ctrl-C does not reach it."""
        supervisord = [sys.executable, "-m", "supervisor.supervisord"]
        command = leash_command(
            [*supervisord, "-n", "-c", str(self._configuration)],
            signal="TERM",
            parent=os.getpid(),
        )
        with (self._data.logs / "supervisord.err").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                env=dict(environment),
                cwd=self._directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def answers(self) -> bool:
        """Whether supervisord accepts commands."""
        return self._call("getState") is not None

    def is_running(self) -> bool:
        """Whether the supervisord process exists."""
        return self._process is not None and self._process.poll() is None

    def start_programs(self, names: Sequence[str]) -> None:
        """Start programs without waiting for them."""
        for name in names:
            self._call("startProcess", self._names[name], False)

    def processes(self) -> dict[str, tuple[str, int]]:
        """Return each program's state (STOPPED, STARTING, RUNNING, BACKOFF, ...) and process id."""
        answer: Any = self._call("getAllProcessInfo")
        return {info["name"]: (info["statename"], info["pid"]) for info in answer or ()}

    def request_stop(self) -> None:
        """Tell supervisord to stop all programs in order and then itself."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until supervisord has ended; False when the time is over."""
        if self._process is None:
            return True
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self, seconds: float) -> None:
        """Kill supervisord; leashes then end its programs. After `seconds`, kill the rest."""
        if self._process is None or self._process.poll() is not None:
            return
        supervisord = psutil.Process(self._process.pid)
        supervisord.suspend()  # so that it starts no program that `programs` below lacks
        programs = supervisord.children(recursive=True)
        self._process.kill()
        self._process.wait()
        _, alive = psutil.wait_procs(programs, timeout=seconds)
        for program in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                alive += program.children(recursive=True)  # children started meanwhile
                program.kill()

    def close(self) -> None:
        """Remove the socket if it is outside of the data folder."""
        if self._socket.parent != self._data.run:
            shutil.rmtree(self._socket.parent, ignore_errors=True)

    def _call(self, method: str, *arguments: object) -> object:
        """Call a method of supervisord; None when it does not answer."""
        try:
            return getattr(self._server.supervisor, method)(*arguments)
        except (OSError, http.client.HTTPException, xmlrpc.client.Fault):
            self._server("close")()
            return None


def _socket_path(data: DataFolder) -> Path:
    path = data.run / "supervisor.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT:
        return path
    return Path(tempfile.mkdtemp(prefix="supervisor-")) / "s"


def _escape(value: object) -> str:
    return str(value).replace("%", "%%")

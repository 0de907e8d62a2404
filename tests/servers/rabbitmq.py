"""A real RabbitMQ of one node, from the package of the distribution.

It listens on 127.0.0.1 alone, keeps everything in a folder of its own, and knows nothing of a
RabbitMQ that the machine may be running.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import amqp

from scripts.local.ports import HOST, find_free
from scripts.local.program import leashed
from tests.scripts.processes import until

# The program itself; what is in /usr/sbin changes the account and has its own idea of folders.
SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
STOP_SECONDS = 60
USER = "tests"
CONFIGURATION = """\
default_user = {user}
default_pass = {password}
listeners.tcp.local = {host}:{port}
log.file = false
log.console = true
log.console.level = warning
# Tests are small, and the machine may be full.
disk_free_limit.absolute = 50MB
vm_memory_high_watermark.absolute = 1GB
"""


class NoRabbitMQ(Exception):
    """Why there is none here."""


def require_installed() -> None:
    """Raise `NoRabbitMQ` where it is not installed."""
    if not SERVER.exists():
        raise NoRabbitMQ(f"there is no {SERVER}: python -m tests.servers.install_packages")


@dataclass
class RabbitMQ:
    """One node: stopped and started again it has the same address and the same queues."""

    folder: Path
    port: int
    password: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"amqp://{USER}:{self.password}@{HOST}:{self.port}//"

    def start(self) -> None:
        """Start it and wait until it accepts connections."""
        self.process = _start([str(SERVER)], self.environment, self.folder / "rabbitmq.log")
        process = self.process
        until(lambda: self._answers() or process.poll() is not None, "RabbitMQ to answer")
        assert process.poll() is None, (self.folder / "rabbitmq.log").read_text()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it, gently or not, and wait for its end."""
        assert self.process is not None
        self.process.send_signal(number)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Away for the length of a block: nobody listens."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Silent for the length of a block: connections are accepted, and nothing is said."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        try:
            with amqp.Connection(f"{HOST}:{self.port}", USER, self.password, connect_timeout=5):
                return True
        except (OSError, amqp.AMQPError):
            return False


@contextmanager
def rabbitmq() -> Iterator[RabbitMQ]:
    """A running one, stopped at the end. Raises `NoRabbitMQ` where there is none."""
    require_installed()
    folder = Path(tempfile.mkdtemp(prefix="rabbitmq-"))
    with ExitStack() as ends:
        ends.callback(shutil.rmtree, folder)
        server = _prepare(folder)
        # Names of nodes are kept by a process apart, which RabbitMQ would start and leave behind.
        names = _start(
            ["/usr/bin/epmd", "-address", HOST, "-port", server.environment["ERL_EPMD_PORT"]],
            server.environment,
            folder / "epmd.log",
        )
        ends.callback(names.wait, STOP_SECONDS)
        ends.callback(names.terminate)
        ends.callback(lambda: server.process and server.process.poll() is None and server.stop())
        server.start()
        yield server


def _prepare(folder: Path) -> RabbitMQ:
    port, password = find_free(), secrets.token_hex(16)
    configuration = folder / "rabbitmq.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(
        CONFIGURATION.format(user=USER, password=password, host=HOST, port=port)
    )
    (folder / "plugins").write_text("[].\n")
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "LANG": "C.UTF-8",
        "HOME": str(folder),  # for the cookie that nodes show each other
        "ERL_EPMD_ADDRESS": HOST,
        "ERL_EPMD_PORT": str(find_free()),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none.conf"),  # instead of what is in /etc
        "RABBITMQ_CONFIG_FILE": str(configuration),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "none.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder),
        "RABBITMQ_NODENAME": f"tests-{secrets.token_hex(4)}@localhost",
        "RABBITMQ_DIST_PORT": str(find_free()),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        # The script becomes the server, so that its process id is the server's.
        "RUNNING_UNDER_SYSTEMD": "true",
    }
    return RabbitMQ(folder, port, password, environment)


def _start(
    command: Sequence[str], environment: dict[str, str], log: Path
) -> subprocess.Popen[bytes]:
    """Start a program that ends with this process at the latest."""
    line = leashed(command, signal="TERM", parent=os.getpid())
    with log.open("ab") as output:
        return subprocess.Popen(
            line, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )

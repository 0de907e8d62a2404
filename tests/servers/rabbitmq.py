"""A real RabbitMQ with one node, from the distribution's package.

It only listens on 127.0.0.1, keeps all files in a temporary folder, and is independent of another
RabbitMQ on this machine.
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

from scripts.local.processes.program import leash_command
from scripts.local.servers.ports import HOST, find_free
from tests.scripts.processes import until

# Not the script in /usr/sbin, which changes the account and the folders.
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
# Tests need little, and the machine may be nearly full.
disk_free_limit.absolute = 50MB
vm_memory_high_watermark.absolute = 1GB
"""


class NoRabbitMQ(Exception):
    """RabbitMQ is not available; the text is the reason."""


def require_installed() -> None:
    """Raise `NoRabbitMQ` if it is not installed."""
    if not SERVER.exists():
        raise NoRabbitMQ(f"{SERVER} is missing: python -m tests.servers.install_packages")


@dataclass
class RabbitMQ:
    """A node. After a restart it has the same address and the same queues."""

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
        """Send the signal and wait until the node has ended."""
        assert self.process is not None
        self.process.send_signal(number)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Stop the node during the block: connections are refused."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Freeze the node during the block: connections are accepted, but nothing is answered."""
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
    """Run a node and stop it at the end. Raises `NoRabbitMQ` if it is not installed."""
    require_installed()
    folder = Path(tempfile.mkdtemp(prefix="rabbitmq-"))
    with ExitStack() as ends:
        ends.callback(shutil.rmtree, folder)
        server = _prepare(folder)
        # A separate process keeps the names of nodes. RabbitMQ would start it and leave it running.
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
        "HOME": str(folder),  # for the cookie with which nodes authenticate
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
        # With this, the script becomes the server and keeps its process id.
        "RUNNING_UNDER_SYSTEMD": "true",
    }
    return RabbitMQ(folder, port, password, environment)


def _start(
    command: Sequence[str], environment: dict[str, str], log: Path
) -> subprocess.Popen[bytes]:
    """Start a program that ends when this process ends."""
    line = leash_command(command, signal="TERM", parent=os.getpid())
    with log.open("ab") as output:
        return subprocess.Popen(
            line, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )

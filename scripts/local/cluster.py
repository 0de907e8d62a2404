"""The folder of the database: found, or made complete at one stroke.

initdb works in a draft, which is renamed to `postgres` when it is done: what has that name is
complete or somebody else's, and stays in either case. Where the server's account cannot enter
the data folder, that is not opened; draft and `postgres` are links to a folder under /var/lib.
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

from scripts.local import account
from scripts.local.data_folder import DataFolder
from scripts.local.errors import StartError
from scripts.local.program import leashed
from scripts.local.secret_files import secret

SYSTEM_FOLDER = Path("/var/lib/image-processing-service")
SUPERUSER = "postgres"
SECRET = "postgres-superuser"  # noqa: S105 - its file's name
# Nobody else names a folder so: what a start that was killed left is removed by this name.
DRAFT = ".image-processing-initdb-"
DRAFT_NAME = re.compile(re.escape(DRAFT) + "[0-9a-f]{16}")


def find_or_make(data: DataFolder, binaries: Path, user: pwd.struct_passwd | None) -> Path:
    """Return the data folder's cluster, ready to be started; `user` is who will run the server.

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
            "back or, if others made the database, choose another folder with --data."
        )
    cluster = place.resolve()
    if user and not account.may_use(user, cluster):
        raise StartError(
            f"PostgreSQL never runs as root, and its account {user.pw_name} cannot enter "
            f"{cluster}: choose a folder outside of closed ones with --data."
        )
    _forget_dead_server(cluster)
    return cluster


def _holds_database(place: Path) -> bool:
    """Whether there is one; False when there is nothing, or an empty folder."""
    try:
        if (place / "PG_VERSION").exists():
            return True
        free = not os.path.lexists(place) or (
            place.is_dir() and not place.is_symlink() and not any(place.iterdir())
        )
    except OSError as error:
        raise StartError(
            f"{place} cannot be read ({error.strerror}): choose another folder with --data."
        ) from error
    if not free:
        raise StartError(
            f"{place} is in the place of the database but holds none: move it elsewhere or "
            "choose another folder with --data."
        )
    return False


def _make(data: DataFolder, place: Path, binaries: Path, user: pwd.struct_passwd | None) -> None:
    password = secret(data.secrets, SECRET)
    draft = _draft(data, user)
    try:
        _initialise(draft.resolve(), binaries, password, data.program_lock, user)
        if place.is_dir():
            place.rmdir()  # an empty one; a link would not replace it
        draft.rename(place)
    except OSError as error:
        raise StartError(f"The database cannot be put at {place}: {error.strerror}.") from error
    finally:
        if os.path.lexists(draft):
            _remove(draft)


def _draft(data: DataFolder, user: pwd.struct_passwd | None) -> Path:
    """Make an empty folder of the account, in the data folder or linked from there."""
    token = secrets.token_hex(8)
    draft = folder = data.path / f"{DRAFT}{token}"
    if user:
        if data.is_new:
            # Others may pass through; what is in it is closed to them.
            data.path.chmod(data.path.stat().st_mode | 0o011)
        if not account.may_use(user, data.path):
            SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
            folder = SYSTEM_FOLDER / f"postgres-{token}"
            draft.symlink_to(folder)  # first, so that a kill leaves no folder that nobody finds
    folder.mkdir(mode=0o700)
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    return draft


def _remove_drafts(folder: Path) -> None:
    """Remove what killed starts left; the caller holds the folder and no initdb runs in it."""
    for path in folder.iterdir():
        if DRAFT_NAME.fullmatch(path.name):
            _remove(path)


def _remove(draft: Path) -> None:
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
        # The same order and case rules on every system, whatever locales it has.
        *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
        *("--builtin-locale=C.UTF-8", "--no-sync", "--no-instructions"),
    ]
    # A file without a name: however this ends, no password is left behind.
    with tempfile.TemporaryFile("w") as file:
        file.write(password)
        file.seek(0)
        if user:
            os.fchown(file.fileno(), user.pw_uid, user.pw_gid)
        result = subprocess.run(
            leashed(
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
        lines = [line for line in result.stdout.splitlines() if line.strip()] or ["it said nothing"]
        reason = next((line for line in lines if "error" in line or "FATAL" in line), lines[-1])
        raise StartError(f"initdb could not make a database in {cluster}: {reason.strip()}")


def _forget_dead_server(cluster: Path) -> None:
    """Remove the pid file of a server that was killed, should another process have its id now.

    The caller holds the data folder and its programs are gone, so no server of ours runs;
    PostgreSQL alone would refuse to start when any process of the account has that id.
    """
    path = cluster / "postmaster.pid"
    try:
        content = path.read_text()
    except FileNotFoundError:
        return
    command: list[str] = []
    # No number, no such process, or one of an account that is not the server's.
    with contextlib.suppress(ValueError, psutil.Error):
        command = psutil.Process(int(content.split("\n", 1)[0])).cmdline()
    if str(cluster) not in command:
        path.unlink()

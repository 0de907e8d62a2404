"""Run a program that ends when the process that started it ends.

    python -I leash.py [--user NAME] [--lock FILE] SIGNAL PARENT PROGRAM ARGUMENT...

The process becomes PROGRAM, so PROGRAM keeps its process id, its exit status and the signals sent
to it. When the parent process disappears, even by a kill, PROGRAM gets SIGNAL. PARENT is the id of
that process; 0 means the process that started this one. PROGRAM and the processes that it forks
hold a shared lock on FILE until they end, so a process that gets the exclusive lock knows that all
of them are gone.

This file runs in front of every program of the service. Therefore it runs as a file of its own
and imports little.
"""

import argparse
import contextlib
import ctypes
import fcntl
import os
import pwd
import signal
import sys
import time

PR_SET_PDEATHSIG = 1
WATCH_SECONDS = 0.5


def main() -> None:
    """Parse the command line, tie the process to its parent and become the program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--user")
    parser.add_argument("--lock")
    parser.add_argument(
        "--watch", action="store_true", help="poll the parent, as on systems other than Linux"
    )
    parser.add_argument("signal")
    parser.add_argument("parent", type=int)
    parser.add_argument("program", nargs=argparse.REMAINDER)
    options = parser.parse_args()

    parent = options.parent or os.getppid()
    number = signal.Signals[options.signal]
    if options.lock:
        hold_lock(options.lock)
    use_kernel = sys.platform.startswith("linux") and not options.watch
    if not use_kernel:
        watch(parent, number)
    if options.user:
        switch_user(options.user)
    if use_kernel:
        # After the change of user, which clears this setting.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the process that started this program is gone")
    os.execvp(options.program[0], options.program)  # noqa: S606 - no shell is wanted


def hold_lock(path: str) -> None:
    """Take the shared lock in a descriptor that the program inherits."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    os.set_inheritable(descriptor, True)


def switch_user(user: str) -> None:
    """Give up root for good."""
    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    os.environ.update(HOME="/", USER=user, LOGNAME=user)


def watch(parent: int, number: signal.Signals) -> None:
    """Fork a small process that polls the parent, for systems without prctl."""
    import psutil  # type: ignore[import-untyped]  # not needed where the kernel watches

    program = psutil.Process()
    if os.fork():
        return
    os.setsid()
    for descriptor in range(3, 64):
        with contextlib.suppress(OSError):
            os.close(descriptor)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(null, descriptor)
    with contextlib.suppress(psutil.NoSuchProcess):
        while program.ppid() == parent:
            time.sleep(WATCH_SECONDS)
        program.send_signal(number)
    os._exit(0)


if __name__ == "__main__":
    main()

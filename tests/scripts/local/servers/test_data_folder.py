"""The data folder: made, locked, refused."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from scripts.local.processes.interrupt import Interrupt, StopRequested
from scripts.local.servers.data_folder import SUBFOLDERS, DataFolder, open_data_folder
from scripts.local.terminal import StartError


def test_it_is_made_with_closed_subfolders(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "new" / "data")
    modes = {name: (data.path / name).stat().st_mode & 0o777 for name in SUBFOLDERS}
    data.close()
    assert modes == dict.fromkeys(SUBFOLDERS, 0o700)


def test_a_second_start_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    first = DataFolder(tmp_path)
    expected = f"^The data folder {tmp_path} is in use .*process {os.getpid()}.*--data\\.$"
    with pytest.raises(StartError, match=expected):
        DataFolder(tmp_path)
    first.close()
    DataFolder(tmp_path).close()


def test_a_file_in_its_place_is_one_sentence(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.touch()
    with pytest.raises(StartError, match=rf"^The data folder {place} cannot be used .*--data\.$"):
        DataFolder(place)


def test_a_folder_without_permission_is_one_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    program = (
        "import os, sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "from scripts.local.servers.data_folder import DataFolder\n"
        "from scripts.local.terminal import StartError\n"
        "if os.geteuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "else: os.chmod(sys.argv[1], 0o500)\n"
        "try: DataFolder(Path(sys.argv[1]))\n"
        "except StartError as error: print(error)\n"
    )
    # Root may write everywhere, so the question is asked by an account that may not.
    closed = Path("/var/lib") if os.geteuid() == 0 else tmp_path
    said = subprocess.run(
        [sys.executable, "-c", program, str(closed), str(Path.cwd())],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert re.fullmatch(rf"The data folder {closed} cannot be used .*Permission denied.*\n", said)


@pytest.mark.parametrize("name", ["a #b", "a ;b", 'a"b'])
def test_a_name_that_supervisor_cannot_read_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StartError, match=r"in its name"):
        DataFolder(tmp_path / name)


def test_it_waits_for_programs_that_hold_the_lock(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    assert data.wait_for_programs(0)
    program = os.open(data.program_lock, os.O_RDONLY)
    fcntl.flock(program, fcntl.LOCK_SH)
    assert not data.wait_for_programs(0)
    os.close(program)
    assert data.wait_for_programs(0)
    data.close()


def test_a_start_removes_what_killed_programs_left(tmp_path: Path) -> None:
    with open_data_folder(tmp_path, Interrupt(), prefix="unused-") as data:
        (data.temporary / "pymp-left").mkdir()
    with open_data_folder(tmp_path, Interrupt(), prefix="unused-") as data:
        assert list(data.temporary.iterdir()) == []


def test_a_temporary_folder_goes_unless_a_log_tells_of_a_failure() -> None:
    def run(*, log: bool, fail: bool) -> Path:
        with suppress(StartError), open_data_folder(None, Interrupt(), prefix="test-up-") as data:
            if log:
                (data.logs / "web.log").touch()
            if fail:
                raise StartError("web did not start.")
        return data.path

    assert not run(log=True, fail=False).exists()
    assert not run(log=False, fail=True).exists()
    kept = run(log=True, fail=True)
    assert (kept / "logs" / "web.log").exists()
    shutil.rmtree(kept)


def test_a_signal_ends_the_wait_for_an_earlier_run(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    data.close()
    program = os.open(data.program_lock, os.O_RDONLY | os.O_CREAT)
    fcntl.flock(program, fcntl.LOCK_SH)
    interrupt = Interrupt()
    interrupt.signal = signal.SIGINT
    with pytest.raises(StopRequested), open_data_folder(tmp_path, interrupt, prefix="-"):
        pass
    os.close(program)

"""scripts/services: a real PostgreSQL and Redis for one command, and nothing left afterwards."""

import os
import signal
from pathlib import Path

import pytest

from scripts.local.checkout import PYTHON
from scripts.local.servers import cluster
from scripts.local.servers.data_folder import DataFolder
from tests.scripts.conftest import WRITE
from tests.scripts.processes import Start, processes_of, until

ASK_BOTH = """
import os, psycopg2, redis
with psycopg2.connect(os.environ["DATABASE_URL"]) as connection:
    cursor = connection.cursor()
    cursor.execute("SELECT rolsuper, rolcreatedb, datcollate FROM pg_roles, pg_database "
                   "WHERE rolname = current_user AND datname = current_database()")
    print("database:", *cursor.fetchone())
broker = redis.Redis.from_url(os.environ["CELERY_BROKER_URL"])
cache = redis.Redis.from_url(os.environ["CACHE_REDIS_URL"])
broker.set("queued", 1)
print("redis:", broker.config_get("maxmemory-policy")["maxmemory-policy"],
      broker.config_get("appendonly")["appendonly"], cache.exists("queued"))
"""
ASK_WITHOUT_PASSWORDS = """
from urllib.parse import urlsplit
url = urlsplit(os.environ["DATABASE_URL"])
try:
    psycopg2.connect(host="127.0.0.1", port=url.port, user="postgres", password="x")
except psycopg2.OperationalError as error:
    assert "password" in str(error)
    print("PostgreSQL wants a password")
url = urlsplit(os.environ["CELERY_BROKER_URL"])
try:
    redis.Redis(port=url.port).ping()
except redis.AuthenticationError:
    print("Redis wants a password")
"""
WAIT = "import time; time.sleep(600)"
READ = """
import os, psycopg2, redis
connection = psycopg2.connect(os.environ["DATABASE_URL"])
cursor = connection.cursor()
cursor.execute("SELECT what FROM kept")
print(cursor.fetchone()[0], "and", redis.Redis.from_url(os.environ["CELERY_BROKER_URL"])
      .get("kept").decode(), flush=True)
"""


def python(program: str) -> list[str]:
    return ["--", str(PYTHON), "-c", program]


def pid(data: Path, name: str) -> int:
    return int((data / name).read_text().split()[0])


def test_a_command_finds_both_and_its_status_is_passed_on(start: Start, data: Path) -> None:
    program = ASK_BOTH + ASK_WITHOUT_PASSWORDS + "raise SystemExit(3)"
    services = start("services", "--data", str(data), *python(program))
    assert services.exit_status() == 3
    assert services.out.read_text() == (
        "database: False True C\nredis: noeviction yes 0\n"
        "PostgreSQL wants a password\nRedis wants a password\n"
    )
    assert processes_of(data) == []
    files = [*(data / "secrets").iterdir(), data / "run" / "redis.conf"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


@pytest.mark.long
def test_without_a_command_it_prints_exports_until_it_is_ended(start: Start, data: Path) -> None:
    services = start("services", "--data", str(data))
    assert services.await_line("export DATABASE_URL=").startswith("export DATABASE_URL=postgres://")
    services.await_line("export EMAIL_URL=")
    # Meanwhile a second start on the same data is refused in one sentence.
    second = start("services", "--data", str(data))
    assert second.exit_status() == 1
    sentence = second.err.read_text()
    assert sentence.startswith(f"The data folder {data} is in use by another start (process ")
    assert sentence.count("\n") == 1
    assert services.end(signal.SIGINT) == 0
    assert processes_of(data) == []


@pytest.mark.parametrize(
    "victims",
    [
        pytest.param(["services"], marks=pytest.mark.long),
        pytest.param(["supervisord"], marks=pytest.mark.long),
        ["supervisord", "postgres"],
    ],
)
def test_a_kill_leaves_no_process_and_loses_no_data(
    start: Start, data: Path, victims: list[str]
) -> None:
    services = start("services", "--data", str(data), *python(WRITE + WAIT))
    services.await_line("written")
    ids = {
        "services": services.process.pid,
        "supervisord": pid(data, "run/supervisord.pid"),
        "postgres": pid(data, "postgres/postmaster.pid"),
    }
    for victim in victims:
        os.kill(ids[victim], signal.SIGKILL)
    # The command is told to end, too.
    if "services" not in victims:
        services.process.send_signal(signal.SIGTERM)
    services.exit_status()
    until(lambda: not processes_of(data), "the end of all processes")

    again = start("services", "--data", str(data), *python(READ))
    assert again.exit_status() == 0, again.err.read_text()
    assert again.out.read_text() == "a row and a message\n"


# After a power cut the id may be any process's, such as this one's, or not be written yet.
PID_FILES = {
    "somebody else": f"{os.getpid()}\n/else\n1\n1\n\n\n1 1\nready\n",
    "nobody": f"{2**30}\n",
    "no server": "-7\n",
    "nothing": "",
}


@pytest.mark.parametrize("content", PID_FILES.values(), ids=PID_FILES)
def test_a_pid_file_that_names_no_server_is_removed(tmp_path: Path, content: str) -> None:
    (tmp_path / "postmaster.pid").write_text(content)
    cluster._remove_stale_pid_file(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
@pytest.mark.parametrize(
    "content",
    [
        PID_FILES["somebody else"],
        *(
            pytest.param(PID_FILES[name], marks=pytest.mark.long)
            for name in ("nobody", "no server", "nothing")
        ),
    ],
    ids=PID_FILES,
)
def test_a_pid_file_that_names_no_server_is_no_obstacle(
    start: Start, used: Path, tmp_path: Path, content: str
) -> None:
    (used / "postgres" / "postmaster.pid").write_text(content)
    # A small image has no programs but ours.
    again = start("services", "--data", str(used), *python(READ), PATH=str(tmp_path))
    assert again.exit_status() == 0, again.err.read_text()
    assert again.out.read_text() == "a row and a message\n"


def test_another_password_is_one_sentence(start: Start, used: Path) -> None:
    (used / "secrets" / "postgres-superuser").write_text("another")
    again = start("services", "--data", str(used), *python(READ))
    assert again.exit_status() == 1
    sentence = again.err.read_text()
    assert sentence.startswith(f"The database in {used}/postgres was made with another password")
    assert sentence.count("\n") == 1


def test_services_that_are_named_are_used(start: Start, data: Path) -> None:
    url = os.environ["DATABASE_URL"]
    program = "import os; print(os.environ['DATABASE_URL'], os.environ['CELERY_BROKER_URL'][:9])"
    services = start("services", "--data", str(data), *python(program), DATABASE_URL=url)
    assert services.exit_status() == 0, services.err.read_text()
    assert services.out.read_text() == f"{url} redis://:\n"
    assert not (data / "postgres").exists()


@pytest.mark.long
def test_two_instances_run_side_by_side(start: Start, data: Path) -> None:
    for name in ("one", "two"):
        (data / name).mkdir(mode=0o711)
        start("services", "--data", str(data / name)).await_line("export EMAIL_URL=")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's PostgreSQL runs as somebody else")
def test_a_closed_folder_stays_closed_and_works(start: Start, data: Path) -> None:
    home = data / "home"
    folder = home / "data"
    home.mkdir(mode=0o700)
    try:
        assert start("services", "--data", str(folder), *python(WRITE)).exit_status() == 0
        again = start("services", "--data", str(folder), *python(READ))
        assert again.exit_status() == 0, again.err.read_text()
        assert again.out.read_text() == "a row and a message\n"
        assert home.stat().st_mode & 0o777 == 0o700
        assert (folder / "postgres").resolve().stat().st_mode & 0o777 == 0o700
    finally:
        opened = DataFolder(folder)
        opened.delete()
        opened.close()


@pytest.mark.long
def test_a_second_ctrl_c_kills_what_does_not_stop(start: Start, used: Path) -> None:
    again = start("services", "--data", str(used))
    again.await_line("export EMAIL_URL=")
    # It hears of nothing but a kill.
    os.kill(pid(used, "postgres/postmaster.pid"), signal.SIGSTOP)
    again.process.send_signal(signal.SIGINT)
    assert again.end(signal.SIGTERM) == 0
    assert "Ending at once" in again.err.read_text()
    assert processes_of(used) == []
    # Killed is not lost.
    last = start("services", "--data", str(used), *python(READ))
    assert last.exit_status() == 0, last.err.read_text()


@pytest.mark.long
def test_a_terminal_that_is_closed_does_not_hurry(start: Start, data: Path) -> None:
    services = start("services", "--data", str(data))
    services.await_line("export EMAIL_URL=")
    # A process manager may send both, which then arrive in any order.
    services.process.send_signal(signal.SIGTERM)
    assert services.end(signal.SIGHUP) == 0
    assert "Ending at once" not in services.err.read_text()


@pytest.mark.long
def test_a_long_path_leaves_nothing_in_the_temporary_folder(start: Start, data: Path) -> None:
    long = data / ("long" * 25)
    temporary = data / "tmp"
    temporary.mkdir()
    command = python("print('works')")
    services = start("services", "--data", str(long), *command, TMPDIR=str(temporary))
    assert services.exit_status() == 0, services.err.read_text()
    assert services.out.read_text() == "works\n"
    assert list(temporary.iterdir()) == []


@pytest.mark.long
@pytest.mark.parametrize(
    "mark",
    [
        "lock",
        "postgres",
        "run/supervisord.conf",
        "run/supervisord.pid",
    ],
)
def test_ctrl_c_at_any_moment_of_the_start_leaves_no_process(
    start: Start, data: Path, mark: str
) -> None:
    services = start("services", "--data", str(data), *python(WAIT))
    until((data / mark).exists, mark)
    services.end(signal.SIGINT)
    until(lambda: not processes_of(data), "the end of all processes")

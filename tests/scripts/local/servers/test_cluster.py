"""Where the database goes: made complete or not at all, and nobody's files touched."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.local.checkout import PYTHON
from scripts.local.servers.data_folder import DataFolder
from tests.scripts.processes import Start, processes_of, until

DRAFT = ".image-processing-initdb-"
PASS = ["--", str(PYTHON), "-c", "pass"]
WAIT = ["--", str(PYTHON), "-c", "import time; print('ready', flush=True); time.sleep(600)"]


@pytest.fixture(params=[0o711, 0o700], ids=["open", "closed"])
def own(request: pytest.FixtureRequest, data: Path) -> Iterator[Path]:
    """A person's own folder, made before; the database that it may have elsewhere goes at last."""
    folder = data / "own"
    folder.mkdir(mode=request.param)
    yield folder
    opened = DataFolder(folder)
    opened.delete()
    opened.close()


ANY_FOLDER = pytest.mark.parametrize(
    "own",
    [0o711, pytest.param(0o700, marks=pytest.mark.long)],
    ids=["open", "closed"],
    indirect=True,
)
CLOSED_FOLDER = pytest.mark.parametrize(
    "own",
    [pytest.param(0o711, marks=pytest.mark.long), 0o700],
    ids=["open", "closed"],
    indirect=True,
)


def drafts(folder: Path) -> list[Path]:
    return list(folder.glob(f"{DRAFT}*"))


@pytest.mark.long
@CLOSED_FOLDER
def test_a_persons_own_folder_keeps_its_mode(start: Start, own: Path) -> None:
    before = own.stat().st_mode
    assert start("services", "--data", str(own), *PASS).exit_status() == 0
    assert own.stat().st_mode == before
    assert (own / "postgres" / "PG_VERSION").exists()
    assert (own / "postgres").resolve().stat().st_mode & 0o777 == 0o700
    if os.geteuid() == 0:  # otherwise PostgreSQL runs as the owner, who may enter
        assert (own / "postgres").is_symlink() == (before & 0o777 == 0o700)


def test_a_folder_made_by_the_start_holds_its_database(start: Start, data: Path) -> None:
    services = start("services", *WAIT, TMPDIR=str(data))
    services.await_line("ready")
    [place] = data.glob("services-*/postgres")
    assert not place.is_symlink()
    services.end()
    assert list(data.iterdir()) == []


def folder_with_files(place: Path) -> None:
    (place / "notes").mkdir(parents=True)
    (place / "notes" / "queries.sql").write_text("SELECT 1")


def file(place: Path) -> None:
    place.write_text("SELECT 1")


def link_to_files(place: Path) -> None:
    folder_with_files(place.with_name("elsewhere"))
    place.symlink_to("elsewhere")


def link_to_nothing(place: Path) -> None:
    place.symlink_to("unplugged")


@pytest.mark.parametrize("put", [folder_with_files, file, link_to_files, link_to_nothing])
def test_what_is_no_database_stays_and_is_one_sentence(
    start: Start, data: Path, put: Callable[[Path], None]
) -> None:
    place = data / "postgres"
    put(place)
    before = {path: path.lstat().st_mtime_ns for path in data.rglob("*")}
    services = start("services", "--data", str(data), *PASS)
    assert services.exit_status() == 1
    sentence = services.err.read_text()
    assert sentence.startswith(f"{place} ")
    assert sentence.endswith("--data.\n")
    assert sentence.count("\n") == 1
    assert {path: path.lstat().st_mtime_ns for path in before} == before
    assert drafts(data) == []


@pytest.mark.long
@ANY_FOLDER
def test_an_empty_folder_is_used(start: Start, own: Path) -> None:
    before = own.stat().st_mode
    (own / "postgres").mkdir()
    services = start("services", "--data", str(own), *PASS)
    assert services.exit_status() == 0, services.err.read_text()
    assert own.stat().st_mode == before
    assert (own / "postgres" / "PG_VERSION").exists()


def test_a_database_that_others_made_is_not_started(start: Start, used: Path) -> None:
    data = used
    # As it looks where a person keeps a database of that name: no password of ours.
    (data / "secrets" / "postgres-superuser").unlink()
    (data / "logs" / "postgres.log").unlink()
    services = start("services", "--data", str(data), *PASS)
    assert services.exit_status() == 1
    sentence = services.err.read_text()
    assert sentence.startswith(f"The database in {data}/postgres has no password in {data}/secrets")
    assert sentence.count("\n") == 1
    assert not (data / "logs" / "postgres.log").exists()


# Closed, where there is a link and its target to be removed.
@pytest.mark.long
@CLOSED_FOLDER
def test_a_kill_while_the_database_is_made_is_no_obstacle(start: Start, own: Path) -> None:
    first = start("services", "--data", str(own), *PASS)
    until(lambda: list(own.glob("*/PG_VERSION")), "a database in the making")
    database = next(own.glob("*/PG_VERSION")).parent.resolve()
    os.killpg(first.process.pid, signal.SIGKILL)
    first.exit_status()
    until(lambda: not processes_of(own), "the end of initdb")
    assert not (own / "postgres").exists()

    again = start("services", "--data", str(own), *PASS)
    assert again.exit_status() == 0, again.err.read_text()
    assert drafts(own) == []
    assert not database.exists()


@pytest.mark.long
def test_only_our_own_leftovers_go(start: Start, data: Path) -> None:
    kept = [data / f"{DRAFT}notes", data / f"{DRAFT}0123456789abcdef.old", data / "initdb"]
    for folder in kept:
        folder_with_files(folder)
    elsewhere = data / f"{DRAFT}fedcba9876543210"
    elsewhere.symlink_to("initdb")
    ours = data / f"{DRAFT}0123456789abcdef"
    ours.mkdir()
    (ours / "PG_VERSION").write_text("18\n")
    assert start("services", "--data", str(data), *PASS).exit_status() == 0
    assert not ours.exists()
    assert elsewhere.is_symlink()
    assert all((folder / "notes" / "queries.sql").exists() for folder in kept)

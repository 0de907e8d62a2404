"""The configuration that supervisord gets, read back the way it reads it."""

import configparser
import shlex
from pathlib import Path

import pytest

from image_processor.jobs import stopping
from scripts.local.processes.program import Program
from scripts.local.running.programs import WORKERS, node_name, service_programs
from scripts.local.running.supervisor import render
from scripts.local.servers.data_folder import DataFolder
from scripts.local.terminal import StartError

POSTGRES = Program(
    name="postgres", command=["/pg/postgres"], priority=10, stop_signal="INT", stop_seconds=60
)


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data 100% mine")
    folder.close()
    return folder


def read(data: DataFolder, programs: list[Program]) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(inline_comment_prefixes=(";", "#"), strict=False)
    parser.read_string(render(data, Path("/run/s"), Path("/checkout"), programs))
    return parser


def test_everything_is_restarted_and_stopped_one_by_one(data: DataFolder) -> None:
    parser = read(data, [POSTGRES, *service_programs({}, data, 8000)])
    programs = [parser[name] for name in parser.sections() if name.startswith("program:")]
    assert len(programs) == 9
    for program in programs:
        assert program["autorestart"] == "true"
        assert program["stopasgroup"] == "false"
        assert program["killasgroup"] == "true"


def test_stop_order(data: DataFolder) -> None:
    """supervisord stops groups from the highest priority to the lowest."""
    parser = read(data, [POSTGRES, *service_programs({}, data, 8000)])
    names = ["program:postgres", "group:workers", "program:scheduler", "program:web"]
    priorities = [int(parser[name]["priority"]) for name in names]
    assert priorities == sorted(set(priorities))
    workers = ("light", "heavy", "import", "system", "derive", "interactive")
    assert parser["group:workers"]["programs"] == ",".join(f"worker-{queue}" for queue in workers)


def test_signals_and_patience(data: DataFolder) -> None:
    parser = read(data, [POSTGRES, *service_programs({}, data, 8000)])
    assert parser["program:postgres"]["stopsignal"] == "INT"
    for queue in ("light", "heavy", "import", "system", "derive", "interactive"):
        worker = parser[f"program:worker-{queue}"]
        assert worker["stopsignal"] == "TERM"
        assert int(worker["stopwaitsecs"]) > stopping.PATIENCE_SECONDS


def test_commands_survive_quoting(data: DataFolder) -> None:
    odd = Program(name="odd", command=["/a b/c", "50%", 'quo"te', ""], priority=1)
    command = read(data, [odd])["program:odd"]["command"]
    # supervisord expands percent signs, then splits like a shell.
    parts = shlex.split(command % {})
    assert parts[-4:] == ["/a b/c", "50%", 'quo"te', ""]
    assert str(data.program_lock) in parts


def test_paths_with_percent_signs_are_escaped(data: DataFolder) -> None:
    program = read(data, [POSTGRES])["program:postgres"]
    assert program["stdout_logfile"] % {} == str(data.logs / "postgres.log")


def test_each_program_has_a_log_of_its_own(data: DataFolder) -> None:
    parser = read(data, service_programs({}, data, 8000))
    logs = [parser[name]["stdout_logfile"] for name in parser.sections() if "program:" in name]
    assert len(set(logs)) == len(logs) == 8


def test_web_server_listens_on_this_machine_with_the_wanted_size(data: DataFolder) -> None:
    web = service_programs({"WEB_WORKERS": "3"}, data, 8123)[-1]
    line = " ".join(web.command)
    assert "--bind 127.0.0.1:8123 " in line
    assert line.endswith("--workers 3")


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5"])
def test_a_size_that_is_no_count_is_refused_by_name(data: DataFolder, value: str) -> None:
    with pytest.raises(StartError, match=rf"^WEB_WORKERS is '{value}'; .* at least 1\.$"):
        service_programs({"WEB_WORKERS": value}, data, 8000)


def test_the_start_waits_for_the_workers_by_their_names(data: DataFolder) -> None:
    programs = service_programs({}, data, 8000)
    commands = [program.command for program in programs if "-n" in program.command]
    names = [command[command.index("-n") + 1] for command in commands]
    assert names == [node_name(queues, data) for queues in WORKERS]


def test_node_names_differ_between_data_folders(data: DataFolder, tmp_path: Path) -> None:
    other = DataFolder(tmp_path / "other")
    other.close()
    names = [
        program.command[program.command.index("-n") + 1]
        for folder in (data, other)
        for program in service_programs({}, folder, 8000)
        if "-n" in program.command
    ]
    assert len(names) == len(set(names)) == 12

"""What a batch writes down survives a crash, and belongs to one run of one service."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from image_processing_client.batch.state import Entry, StateError, open_state

SERVICE = "https://images.example.com"
ENTRY = Entry("a/x.jpg", 100, 5, image=7)


def state_file(out: Path) -> Path:
    return out / ".ips" / "batch.jsonl"


def test_the_last_line_of_a_file_counts(tmp_path: Path) -> None:
    with open_state(tmp_path, SERVICE) as state:
        state.save(ENTRY)
        state.save(replace(ENTRY, task=9))
        run, key = state.run, state.key(ENTRY, "upload")
    with open_state(tmp_path, SERVICE) as state:
        assert state.find("a/x.jpg") == replace(ENTRY, task=9)
        assert state.find("b.jpg") is None
        assert (state.run, state.key(ENTRY, "upload")) == (run, key)


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    with open_state(tmp_path, SERVICE) as state:
        state.save(ENTRY)
        state.save(replace(ENTRY, task=9))
    whole = state_file(tmp_path).read_text()
    state_file(tmp_path).write_text(whole[:-20])
    with open_state(tmp_path, SERVICE) as state:
        assert state.find("a/x.jpg") == ENTRY
        state.save(replace(ENTRY, task=10))
    with open_state(tmp_path, SERVICE) as state:
        assert state.find("a/x.jpg") == replace(ENTRY, task=10)


def test_every_step_of_every_round_has_its_key(tmp_path: Path) -> None:
    with open_state(tmp_path, SERVICE) as state:
        others = [replace(ENTRY, **{name: 6}) for name in ("size", "mtime_ns", "round")]
        entries = [ENTRY, replace(ENTRY, file="b.jpg"), *others]
        keys = {state.key(entry, step) for entry in entries for step in ("upload", "ask")}
        assert len(keys) == 10
        assert state.key(replace(ENTRY, task=9), "upload") in keys


def test_one_at_a_time(tmp_path: Path) -> None:
    with open_state(tmp_path, SERVICE), pytest.raises(StateError, match="Another batch is writing"):
        open_state(tmp_path, SERVICE).__enter__()


def test_the_ids_of_another_service_are_of_no_use(tmp_path: Path) -> None:
    with open_state(tmp_path, SERVICE):
        pass
    with pytest.raises(StateError, match=r"https://images\.example\.com.*http://other"):
        open_state(tmp_path, "http://other").__enter__()


def test_what_a_crash_left_of_downloads_goes(tmp_path: Path) -> None:
    (tmp_path / ".ips").mkdir()
    (tmp_path / ".ips" / ".9.part.ab12.part").touch()
    (tmp_path / ".ips" / "9.part").touch()
    with open_state(tmp_path, SERVICE):
        assert list((tmp_path / ".ips").iterdir()) == [state_file(tmp_path)]

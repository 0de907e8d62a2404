"""A folder through the running service, killed in the middle and begun again."""

from __future__ import annotations

import json
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from image_processing_client import Client
from tests.builders import pictures
from tests.client.conftest import Shell
from tests.scripts.processes import until

pytestmark = pytest.mark.stack

SMALL = '[{"operation": "resize", "params": {"width": 32}}]'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve photographs in two folders, and what is none."""
    for n in range(12):
        path = tmp_path / "photos" / ("a" if n % 2 else "") / f"photo-{n:02}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pictures.jpeg(800, 600, seed=100 + n))
    (tmp_path / "photos" / "notes.txt").write_text("no picture")
    return tmp_path / "photos"


def entries(out: Path) -> list[dict[str, Any]]:
    """The whole lines of the state file."""
    state = out / ".ips" / "batch.jsonl"
    text = state.read_text() if state.exists() else ""
    whole = text[: text.rfind("\n") + 1].splitlines()
    return [json.loads(line) for line in whole if line]


def results(out: Path) -> Iterator[Path]:
    return (path for path in out.rglob("*.webp") if ".ips" not in path.parts)


def test_a_killed_batch_continues_where_it_was(
    signed_in_shell: Shell, signed_in: Client, folder: Path, tmp_path: Path
) -> None:
    ips, out = signed_in_shell, tmp_path / "out"
    words = ("batch", folder, out, "--pipeline", SMALL, "--format", "webp", "--concurrency", 2)
    running = subprocess.Popen(
        ips.command(*words),
        env=ips.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: sum(1 for line in entries(out) if line.get("done")) >= 3, "three results")
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    known = {line["file"]: line for line in entries(out) if "file" in line}
    finished = {line["output"] for line in known.values() if line["done"]}
    assert 3 <= len(finished) < 12, "it was killed too late"

    again = ips.run(*words, "--json")

    *lines, summary = map(json.loads, again.stdout.splitlines())
    assert summary == {"files": 12, "done": 12 - len(finished), "kept": len(finished), "failed": 0}
    assert {line["output"] for line in lines if line["status"] == "kept"} == finished
    expected = {path.with_suffix(".webp").relative_to(folder) for path in folder.rglob("*.jpg")}
    assert {path.relative_to(out) for path in results(out)} == expected
    for path in results(out):
        assert pictures.opened(path.read_bytes()).size == (32, 24)
    # What the first run had written down was neither uploaded nor asked for again.
    uploads = Counter(image.file_name for image in signed_in.images.list())
    assert all(uploads[Path(line["file"]).name] == 1 for line in known.values() if line["image"])
    tasks = Counter(task.original_image for task in signed_in.tasks.list())
    assert all(tasks[line["image"]] == 1 for line in known.values() if line["task"])
    assert list((out / ".ips").glob("*.part")) == []


def test_what_changed_is_made_again_and_failures_stop_nobody(
    signed_in_shell: Shell, signed_in: Client, tmp_path: Path
) -> None:
    ips, folder, out = signed_in_shell, tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name, seed in (("a.jpg", 200), ("b.jpg", 201), ("c.jpg", 202)):
        (folder / name).write_bytes(pictures.jpeg(seed=seed))
    (folder / "broken.png").write_bytes(b"no picture")
    words = ("batch", folder, out, "--step", "resize", "width=32", "--json")

    first = ips.run(*words, code=1)
    assert json.loads(first.stdout.splitlines()[-1])["failed"] == 1
    assert json.loads(first.stderr)["subject"] == "broken.png"

    (folder / "broken.png").unlink()
    (folder / "a.jpg").write_bytes(pictures.jpeg(96, 48, seed=203))  # another picture
    (out / "b.jpg").unlink()
    c_image = next(one for one in signed_in.images.list() if one.file_name == "c.jpg")
    signed_in.images.delete(c_image)  # but its result is here already
    second = json.loads(ips.run(*words).stdout.splitlines()[-1])
    assert second == {"files": 3, "done": 2, "kept": 1, "failed": 0}
    assert pictures.opened((out / "a.jpg").read_bytes()).size == (32, 16)

    # Other steps: the uploads are still good, but for the one that is gone.
    third = ips.run("batch", folder, out, "--step", "flip", "--json")
    assert json.loads(third.stdout.splitlines()[-1])["done"] == 3
    assert pictures.opened((out / "c.jpg").read_bytes()).size == (64, 48)
    names = Counter(image.file_name for image in signed_in.images.list())
    assert names == {"a.jpg": 2, "b.jpg": 1, "c.jpg": 1}

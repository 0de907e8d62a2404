"""A folder through the running service, killed in the middle and begun again."""

from __future__ import annotations

import json
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from image_processing_client import Client
from tests.builders import pictures
from tests.client.conftest import Shell
from tests.scripts.processes import until
from tests.stack.service import Service

pytestmark = pytest.mark.stack

SMALL = '[{"operation": "resize", "params": {"width": 32}}]'


def add_photographs(folder: Path, numbers: range) -> None:
    """Photographs, every other one in a folder of its own."""
    for n in numbers:
        path = folder / ("a" if n % 2 else "") / f"photo-{n:02}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pictures.jpeg(800, 600, seed=100 + n))


def asked(out: Path) -> set[str]:
    """The files whose task is in the state file."""
    text = (out / ".ips" / "batch.jsonl").read_text()
    whole = text[: text.rfind("\n") + 1].splitlines()
    lines = [json.loads(line) for line in whole if line]
    return {line["file"] for line in lines if line.get("task")}


def results(out: Path) -> Iterator[Path]:
    return (path for path in out.rglob("*.webp") if ".ips" not in path.parts)


def test_a_killed_batch_continues_where_it_was(
    service: Service, signed_in_shell: Shell, signed_in: Client, tmp_path: Path
) -> None:
    ips, folder, out = signed_in_shell, tmp_path / "photos", tmp_path / "out"
    words = ("batch", folder, out, "--pipeline", SMALL, "--format", "webp", "--concurrency", 2)
    add_photographs(folder, range(3))
    (folder / "notes.txt").write_text("no picture")
    ips.run(*words)
    finished = {path.relative_to(out).as_posix() for path in results(out)}
    assert finished == {"photo-00.webp", "a/photo-01.webp", "photo-02.webp"}

    # Two more are uploaded and asked for, and wait for a worker that sleeps: there it is killed.
    add_photographs(folder, range(3, 9))
    worker = service.worker("light")
    worker.send(signal.SIGSTOP)
    try:
        running = subprocess.Popen(
            ips.command(*words), env=ips.environment, stdout=subprocess.DEVNULL
        )
        until(lambda: len(asked(out)) == 5, "two more tasks")
        running.kill()
        running.wait()
    finally:
        worker.send(signal.SIGCONT)
    images, tasks = {x.id for x in signed_in.images.list()}, {x.id for x in signed_in.tasks.list()}
    assert (len(images), len(tasks)) == (5, 5)

    again = ips.run(*words, "--json")

    *lines, summary = map(json.loads, again.stdout.splitlines())
    assert summary == {"files": 9, "done": 6, "kept": 3, "failed": 0}
    assert {line["output"] for line in lines if line["status"] == "kept"} == finished
    expected = {path.with_suffix(".webp").relative_to(folder) for path in folder.rglob("*.jpg")}
    assert {path.relative_to(out) for path in results(out)} == expected
    for path in results(out):
        assert pictures.opened(path.read_bytes()).size == (32, 24)
    # Nothing was uploaded or asked for twice.
    names = sorted(image.file_name for image in signed_in.images.list())
    assert names == [f"photo-{n:02}.jpg" for n in range(9)]
    assert len(list(signed_in.tasks.list())) == 9
    assert images < {image.id for image in signed_in.images.list()}
    assert tasks < {task.id for task in signed_in.tasks.list()}
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

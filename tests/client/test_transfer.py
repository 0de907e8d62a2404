"""Bytes up and down: in pieces, with progress, and whole or not at all."""

from __future__ import annotations

import io
import os
import tracemalloc
from pathlib import Path

import pytest

from image_processing_client import Client, ConnectionFailed, NotFound, TaskFailed
from image_processing_client.records import Task
from tests.client import answers
from tests.client.faulty import Answer, Faulty, Handler, content, faulty, half, ok, refused, reset

LARGE = 64 * 1024 * 1024
DATA = bytes(range(256)) * 4096


def test_a_large_file_takes_no_memory(network: Faulty, client: Client, tmp_path: Path) -> None:
    path = tmp_path / "large.tif"
    with path.open("wb") as file:
        file.truncate(LARGE)
    network.answers(ok(answers.image(), 201))
    told: list[tuple[int, int]] = []
    tracemalloc.start()
    try:
        client.images.upload(path, progress=lambda *now: told.append(now))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * 1024 * 1024
    assert told[-1] == (LARGE, LARGE)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert int(network.seen[0].headers["Content-Length"]) > LARGE


def test_what_can_be_uploaded(network: Faulty, client: Client, tmp_path: Path) -> None:
    path = tmp_path / "from-disk.png"
    path.write_bytes(DATA)
    network.answers(ok(answers.image(), 201))
    client.images.upload(str(path), description="A sea.")
    with path.open("rb") as file:
        file.seek(100)
        client.images.upload(file)
        assert not file.closed
    client.images.upload(io.BytesIO(b"xyz"), file_name="given.jpg")
    client.images.upload(b"xyz")
    for seen, name in zip(
        network.seen, (b"from-disk.png", b"from-disk.png", b"given.jpg", b"image"), strict=True
    ):
        assert b'filename="' + name + b'"' in seen.body
    assert b"A sea." in network.seen[0].body
    assert DATA[:50_000] in network.seen[1].body


def test_a_stream_that_cannot_be_rewound_is_refused(client: Client) -> None:
    reader, writer = os.pipe()
    os.close(writer)
    with os.fdopen(reader, "rb") as file, pytest.raises(ValueError, match="rewound"):
        client.images.upload(file)


def test_a_download_that_breaks_off_begins_anew(
    network: Faulty, client: Client, tmp_path: Path
) -> None:
    network.answers(half(DATA), reset, content(DATA))
    told: list[tuple[int, int]] = []
    path = client.results.download(11, tmp_path / "x.png", progress=lambda *now: told.append(now))
    assert path.read_bytes() == DATA
    assert told[-1] == (len(DATA), len(DATA))
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("answer", [half(DATA), refused(404, "not_found")], ids=["half", "404"])
def test_nothing_is_left_of_a_failed_download(
    network: Faulty, client: Client, tmp_path: Path, answer: Answer
) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(b"what was there")
    network.answers(answer)
    with pytest.raises((ConnectionFailed, NotFound)):
        client.results.download(11, path)
    assert path.read_bytes() == b"what was there"
    assert list(tmp_path.iterdir()) == [path]


def test_a_redirect_to_another_host_gets_no_key(
    network: Faulty, client: Client, tmp_path: Path
) -> None:
    with faulty() as store:
        store.answers(content(DATA))

        def elsewhere(handler: Handler) -> None:
            ok({}, 302, Location=f"{store.url}/bucket/x?Signature=s")(handler)

        network.answers(elsewhere)
        client.images.download(7, tmp_path / "x.png")
        assert "Authorization" not in store.seen[0].headers
    assert network.seen[0].headers["Authorization"] == "Api-Key k-1"
    assert (tmp_path / "x.png").read_bytes() == DATA


@pytest.mark.parametrize(
    ("task", "kind"),
    [
        (answers.task(status="FAILED", error_code="too_large"), TaskFailed),
        (answers.task(status="PENDING"), ValueError),
        (answers.task(result_image=None), NotFound),
    ],
)
def test_a_task_without_a_result(
    client: Client, tmp_path: Path, task: dict[str, object], kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        client.results.download(Task.from_answer(task), tmp_path / "x.png")

"""File names that are not UTF-8, and names whose extension does not fit the result."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from image_processing_client.cli import main
from tests.builders import pictures
from tests.client import answers
from tests.client.conftest import Shell
from tests.client.faulty import Faulty, content, ok, refused

STEP = ("--step", "sepia")
LATIN = os.fsdecode("Möwe.jpg".encode("latin-1"))


@pytest.fixture(autouse=True)
def key(network: Faulty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("IPS_URL", network.url)
    monkeypatch.setenv("IPS_KEY", "k-1")


def test_a_name_that_is_not_utf8_is_sent_with_its_bytes_as_percents(
    network: Faulty, ips: Shell, tmp_path: Path
) -> None:
    (tmp_path / LATIN).write_bytes(pictures.jpeg(8, 8))
    network.answers(ok(answers.image(file_name="M%F6we.jpg"), 201))
    done = ips.run("upload", tmp_path / LATIN, IPS_URL=network.url, IPS_KEY="k-1")
    assert done.stdout.startswith("image 7: M%F6we.jpg")
    assert b'filename="M%F6we.jpg"' in network.seen[0].body.replace(b"%25", b"%")


def test_a_name_that_is_not_utf8_does_not_end_a_batch(
    network: Faulty, ips: Shell, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("A.jpg", LATIN, "Z.jpg"):
        (folder / name).write_bytes(pictures.jpeg(8, 8))
    each = [
        ok(answers.image(), 201),
        ok(answers.task(format="JPEG"), 201),
        ok(answers.task(format="JPEG")),
        content(b"result"),
    ]
    # The server repeats the last answer, which is the first that the second run gets.
    network.answers(*each, refused(415, "unsupported_format"), *each, ok(answers.image(), 201))
    words = ("batch", folder, tmp_path / "out", *STEP, "--concurrency", 1)
    variables = {"IPS_URL": network.url, "IPS_KEY": "k-1"}
    done = ips.run(*words, code=1, **variables)
    assert "3 files: 2 done, 0 unchanged, 1 failed" in done.stdout
    assert "M%F6we.jpg: This is unsupported_format." in done.stderr

    network.answers(*each[1:])
    done = ips.run(*words, "--json", **variables)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"file": LATIN, "output": LATIN, "status": "done"} in lines
    assert (tmp_path / "out" / LATIN).read_bytes() == b"result"


def test_a_terminal_that_lacks_the_letters_of_a_name(network: Faulty, ips: Shell) -> None:
    network.answers(ok(answers.image(file_name="写真.jpg")))
    variables = {"IPS_URL": network.url, "IPS_KEY": "k-1", "PYTHONIOENCODING": "latin-1"}
    done = ips.run("import", "http://x.example/", **variables)
    assert "\\u5199\\u771f.jpg" in done.stdout


def test_an_argument_that_is_not_utf8(network: Faulty, ips: Shell) -> None:
    variables = {"IPS_URL": network.url, "IPS_KEY": "k-1"}
    for words in (
        ("transform", 7, "--step", "watermark", f"text={LATIN}"),
        ("upload", "photo.jpg", "--description", LATIN),
        ("import", f"http://x.example/{LATIN}"),
    ):
        assert "M%F6we.jpg is not UTF-8" in ips.run(*words, code=2, **variables).stderr
    assert network.seen == []


@pytest.mark.parametrize(
    ("output", "options", "made", "fits"),
    [
        ("out.png", ["--format", "jpeg"], "JPEG", False),
        ("out.jpg", ["--format", "webp"], "WEBP", False),
        ("out.tif", ["--format", "heic"], "HEIF", False),
        ("out.jpeg", ["--format", "JPG"], "JPEG", True),
        ("OUT.TIF", ["--format", "tiff"], "TIFF", True),
        ("out", ["--format", "jpeg"], "JPEG", True),
        ("out.result", ["--format", "jpeg"], "JPEG", True),
        ("out.webp", [], "WEBP", True),
        ("out.png", [], "WEBP", False),
        ("out.png", ["--force"], "WEBP", False),
    ],
)
def test_the_extension_of_the_output_has_to_fit_the_format(
    network: Faulty,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    output: str,
    options: list[str],
    made: str,
    fits: bool,
) -> None:
    target = tmp_path / output
    network.answers(
        ok(answers.task(format=made), 201),
        ok(answers.task(format=made)),
        ok(answers.result(metadata={"format": made})),
        content(b"result"),
    )
    code = main(["transform", "7", *STEP, "-o", str(target), *options])
    if fits:
        assert (code, target.read_bytes()) == (0, b"result")
        return
    assert (code, target.exists()) == (2, False)
    said = capsys.readouterr().err
    assert output in said
    assert f"--output {target.with_suffix('')}." in said
    assert not network.seen or "--format" not in options, "refused before anything is made"


def test_a_download_has_to_fit_too(
    network: Faulty, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network.answers(ok(answers.task()), ok(answers.result()), content(b"result"))
    assert main(["download", "9", "-o", str(tmp_path / "x.png")]) == 2
    assert "is WEBP" in capsys.readouterr().err


def test_an_original_keeps_the_extension_that_it_was_uploaded_with(
    network: Faulty, tmp_path: Path
) -> None:
    network.answers(ok(answers.image(file_name="really-a-jpeg.png")), content(b"original"))
    assert main(["download", "7", "--original", "-o", str(tmp_path / "x.png")]) == 0

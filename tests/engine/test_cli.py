"""`python -m image_processor.engine`: results, one sentence for errors, exit codes."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from image_processor.engine.__main__ import main
from tests.engine.builders import PHOTOS, logo, opened, photo, run

ROOT = Path(__file__).parents[2]


class Done(NamedTuple):
    """The result of a call of the command."""

    returncode: int
    stdout: bytes
    stderr: bytes


PIPELINE = '[{"operation": "resize", "params": {"width": 64}}]'


def test_a_file_is_made_in_the_format_of_its_extension(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out.webp"
    assert main([str(PHOTOS / "chelsea.png"), str(target), "--pipeline", PIPELINE]) == 0
    image = opened(target.read_bytes())
    assert (image.format, image.width) == ("WEBP", 64)
    assert "64x43 WEBP" in capsys.readouterr().out


def test_the_pipeline_may_stand_in_a_file(tmp_path: Path) -> None:
    steps = tmp_path / "steps.json"
    steps.write_text(json.dumps([{"operation": "grayscale"}]))
    target = tmp_path / "out.jpg"
    arguments = [str(PHOTOS / "rocket.jpg"), str(target), "--pipeline", str(steps)]
    assert main([*arguments, "--quality", "40", "--metadata", "strip"]) == 0
    assert opened(target.read_bytes()).mode == "L"


@pytest.mark.parametrize(
    ("source", "pipeline", "said"),
    [
        ("README.md", PIPELINE, "not an image"),
        ("missing.jpg", PIPELINE, "No such file"),
        ("chelsea.png", '[{"operation": "resize", "params": {"width": 0}}]', "at least 1"),
        (
            "chelsea.png",
            '[{"operation": "crop", "params": {"width": 999, "height": 1}}]',
            "451x300",
        ),
    ],
)
def test_an_error_is_one_sentence_and_exit_code_1(
    source: str, pipeline: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out.png"
    assert main([str(PHOTOS / source), str(target), "--pipeline", pipeline]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not target.exists()


@pytest.mark.parametrize(
    "arguments",
    [[], ["in.png"], ["in.png", "out.png"], ["in.png", "out.xyz", "--pipeline", PIPELINE]],
)
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


def process(*arguments: str, data: bytes = b"") -> Done:
    """The command as a process of its own, `data` on its standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "image_processor.engine", *arguments],
        cwd=ROOT,
        input=data,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def program(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Done]:
    """The command in this process, which is faster; a few tests start a process of its own."""

    def run(*arguments: str, data: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        try:
            code = main(list(arguments))
        except SystemExit as end:
            code = end.code  # type: ignore[assignment]
        written = capsysbinary.readouterr()
        return Done(code, written.out, written.err)

    return run


def test_standard_streams_are_read_and_written() -> None:
    data = (PHOTOS / "chelsea.png").read_bytes()
    done = process("-", "-", "--pipeline", PIPELINE, "--format", "webp", data=data)
    assert done.returncode == 0, done.stderr
    image = opened(done.stdout)
    assert (image.format, image.width) == ("WEBP", 64)
    assert b"64x43 WEBP" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("-", "-", "--pipeline", PIPELINE), 1, "not an image"),
        (("-", "out", "--pipeline", PIPELINE), 2, "extension"),
    ],
)
def test_a_process_ends_with_the_exit_code(
    arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = process(*arguments, data=b"not a picture")
    assert (done.returncode, done.stdout) == (code, b"")
    assert said in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_without_a_format_standard_output_has_that_of_the_source(
    program: Callable[..., Done],
) -> None:
    done = program(str(PHOTOS / "chelsea.png"), "-", "--pipeline", PIPELINE)
    assert done.returncode == 0
    assert opened(done.stdout).format == "PNG"


def test_a_format_asked_for_wins_over_the_extension(
    program: Callable[..., Done], tmp_path: Path
) -> None:
    target = tmp_path / "out.png"
    done = program(
        str(PHOTOS / "rocket.jpg"), str(target), "--pipeline", PIPELINE, "--format", "gif"
    )
    assert done.returncode == 0
    assert opened(target.read_bytes()).format == "GIF"


def test_quality_is_a_number_or_auto(program: Callable[..., Done]) -> None:
    arguments = (str(PHOTOS / "rocket.jpg"), "-", "--pipeline", PIPELINE)
    found = program(*arguments, "--quality", "auto")
    assert found.returncode == 0, found.stderr
    steps = json.loads(PIPELINE)
    assert found.stdout == run(photo("rocket.jpg"), *steps, quality="auto").data
    given = program(*arguments, "--quality", "30")
    assert given.stdout == run(photo("rocket.jpg"), *steps, quality=30).data
    assert given.stdout != found.stdout


WATERMARK = '[{"operation": "watermark", "params": {"image_id": 7}}]'


def test_watermark_images_are_read_from_files(program: Callable[..., Done], tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(logo())
    mark = f"7={tmp_path / 'logo.png'}"
    arguments = (str(PHOTOS / "rocket.jpg"), "-", "--pipeline", WATERMARK, "--overlay", mark)
    done = program(*arguments)
    assert done.returncode == 0, done.stderr
    steps = json.loads(WATERMARK)
    assert done.stdout == run(photo("rocket.jpg"), *steps, overlays={7: logo()}).data
    explained = program(*arguments, "--explain")
    assert b"watermark: image_id 7" in explained.stdout


@pytest.mark.parametrize(
    ("overlays", "code", "said"),
    [
        ([], 2, "a step has image_id 7: give its file as --overlay 7=FILE"),
        (["7=chelsea.png", "8=chelsea.png"], 2, "--overlay 8 is the image_id of no step"),
        (["7=chelsea.png", "7=horse.png"], 2, "the same ID twice"),
        (["seven=chelsea.png"], 2, "must be ID=FILE with a numeric ID but is 'seven=chelsea.png'"),
        (["7="], 2, "must be ID=FILE with a numeric ID but is '7='"),
        (["7=missing.png"], 1, "No such file or directory"),
        (["7=README.md"], 1, "not an image"),
    ],
)
def test_overlays_that_do_not_fit_are_refused(
    overlays: list[str],
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(PHOTOS)
    arguments = ["rocket.jpg", "-", "--pipeline", WATERMARK]
    for overlay in overlays:
        arguments += ["--overlay", overlay]
    try:
        ended = main(arguments)
    except SystemExit as end:
        ended = end.code  # type: ignore[assignment]
    assert (ended, said in capsys.readouterr().err) == (code, True)


def test_work_ends_at_the_deadline(program: Callable[..., Done]) -> None:
    arguments = (str(PHOTOS / "rocket.jpg"), "-", "--pipeline", '[{"operation": "denoise"}]')
    done = program(*arguments, "--deadline", "1e-9")
    assert done.returncode == 1
    assert done.stderr == b"The work took longer than 1e-09 seconds.\n"
    for wrong in ("0", "-1", "soon", "nan", "inf"):
        done = program(*arguments, f"--deadline={wrong}")
        assert done.returncode == 2
        assert f"must be a number of seconds above 0 but is '{wrong}'" in done.stderr.decode()


def test_the_plan_is_printed_and_nothing_written(
    program: Callable[..., Done], tmp_path: Path
) -> None:
    target = tmp_path / "out.webp"
    arguments = (str(PHOTOS / "rocket.jpg"), str(target), "--pipeline", PIPELINE, "--explain")
    done = program(*arguments)
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "decode at 1/4 of 640x427, RGB"
    assert lines[1] == "geometry: resample to 64x43 by lanczos -> 64x43 RGB"
    assert lines[2] == "write WEBP, 64x43"
    assert not target.exists()
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("arguments", "data", "code", "said"),
    [
        (("-", "-", "--pipeline", PIPELINE), b"not a picture", 1, "not an image"),
        (("-", "-", "--pipeline", PIPELINE), b"", 1, "empty"),
        (("gone.png", "-", "--pipeline", PIPELINE), b"", 1, "No such file"),
        (("-", "-", "--pipeline", "[{}]", "--explain"), b"", 1, "must name its operation"),
        (("-", "-", "--pipeline", "nonsense"), b"", 2, "neither a file nor JSON"),
        (("-", "-", "--pipeline", PIPELINE, "--format", "xyz"), b"", 2, "xyz"),
        (("-", "out", "--pipeline", PIPELINE), b"", 2, "extension"),
        (("-", "-"), b"", 2, "--pipeline"),
        (("-", "-", "--pipeline", PIPELINE, "--quality", "101"), b"", 1, "at most 100"),
        (("-", "-", "--pipeline", PIPELINE, "--quality", "best"), b"", 2, "but is 'best'"),
    ],
)
def test_exit_codes(
    program: Callable[..., Done], arguments: tuple[str, ...], data: bytes, code: int, said: str
) -> None:
    done = program(*arguments, data=data)
    assert done.returncode == code, done.stderr
    assert said in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


def test_it_runs_as_a_program_without_django(tmp_path: Path) -> None:
    target = tmp_path / "out.png"
    arguments = [str(PHOTOS / "rocket.jpg"), str(target), "--pipeline", PIPELINE]
    code = (
        "import sys; from image_processor.engine.__main__ import main\n"
        f"assert main({arguments!r}) == 0\n"
        "assert not {'django', 'celery'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)
    assert opened(target.read_bytes()).width == 64

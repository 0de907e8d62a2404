"""`python -m image_processor.engine`: results, one sentence for errors, exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from image_processor.engine.__main__ import main
from tests.engine.builders import PHOTOS, opened

ROOT = Path(__file__).parents[2]
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

"""Which files count, and what their results are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from image_processing_client.batch.names import assign_stems, find_pictures, target_path


def test_pictures_below_a_folder(tmp_path: Path) -> None:
    for name in ("b.JPG", "a/c.webp", "a/notes.txt", ".hidden.png", ".git/x.png", "out/b.webp"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = find_pictures(tmp_path, without=(tmp_path / "out").resolve())
    assert found == [Path("a/c.webp"), Path("b.JPG")]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["x.jpg", "y.png"], ["x", "y"]),
        (["a/x.jpg", "x.png"], ["a/x", "x"]),
        (["x.jpg", "x.png", "y.png"], ["x.jpg", "x.png", "y"]),
        (["X.jpg", "x.png"], ["X.jpg", "x.png"]),
        (["x.jpg", "x.jpg.png", "x.png"], ["x.jpg", "x.jpg.png", "x.png"]),
    ],
)
def test_no_two_results_are_called_alike(files: list[str], expected: list[str]) -> None:
    found = assign_stems([Path(file) for file in files])
    assert [found[Path(file)].as_posix() for file in files] == expected


@pytest.mark.parametrize(
    ("file", "stem", "format_name", "expected"),
    [
        ("x.png", "x", "WEBP", "x.webp"),
        ("x.JPEG", "x", "JPEG", "x.JPEG"),
        ("x.tif", "x", "TIFF", "x.tif"),
        ("x.bmp", "x", "JPEG", "x.jpg"),
        ("x.jpg", "x.jpg", "JPEG", "x.jpg.jpg"),
        ("a/v1.2.png", "a/v1.2", "AVIF", "a/v1.2.avif"),
    ],
)
def test_the_extension_says_the_format(
    file: str, stem: str, format_name: str, expected: str
) -> None:
    assert target_path(Path(file), Path(stem), format_name) == Path(expected)

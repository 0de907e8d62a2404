"""The bar is there for people only."""

from __future__ import annotations

import io

import pytest

from image_processing_client.cli.progress import Bar, format_line, format_size


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_it_and_then_sees_it_gone() -> None:
    terminal = Terminal()
    with Bar("photo.jpg", stream=terminal) as bar:
        bar(0, 100)
        bar(100, 100)
    shown = terminal.getvalue()
    assert "  0% [........................] 0 B of 100 B  photo.jpg" in shown
    assert "100% [########################] 100 B of 100 B  photo.jpg" in shown
    assert shown.endswith("\r\033[K")


@pytest.mark.parametrize(
    ("stream", "enabled"), [(io.StringIO(), True), (Terminal(), False)], ids=["file", "quiet"]
)
def test_nothing_is_shown_elsewhere(stream: io.StringIO, enabled: bool) -> None:
    with Bar("photo.jpg", enabled=enabled, stream=stream) as bar:
        bar(50, 100)
    assert stream.getvalue() == ""


def test_sizes() -> None:
    assert [format_size(n) for n in (0, 999, 1500, 2_000_000, 3e15)] == [
        "0 B", "999 B", "1.5 kB", "2.0 MB", "3000.0 TB",
    ]  # fmt: skip
    assert format_line("empty", 0, 0).startswith("100%")

"""`docs/formats.md`: the rules of each input format, from the tests that prove them."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from image_processor.engine.reading.input_formats import INPUT_FORMATS
from scripts.local.checkout import ROOT

_TESTS = ROOT / "tests" / "engine"
_EVERY = "every"
_KINDS = ("read", "converted", "kept", "warned of", "refused")
_INTRODUCTION = """\
# Formats

<!-- Derived from the marks of the tests by scripts/generate: do not edit. -->

What becomes of a file, format by format. Where formats leave room, the result is what browsers
show; where browsers do not show a format, it is what ImageMagick and libvips agree on. Each
sentence stands at a test that proves it.

- **read**: the layouts that are decoded.
- **converted**: what changes on the way to 8-bit sRGB pixels.
- **kept**: what results keep of the file.
- **warned of**: damage that does not keep the picture from being shown. The image and its tasks
  have a warning.
- **refused**: what gets 400 `invalid_image` (damaged) or 415 `unsupported_format` (not supported),
  with the reason.
"""


@dataclass(frozen=True)
class Rule:
    """One sentence about a format, such as JPEG, or about "every" format."""

    format: str
    kind: str
    sentence: str


def text() -> str:
    """Return the page. Raises ValueError for a mark with an unknown format or kind."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for rule in sorted(set(collect(_TESTS)), key=lambda rule: rule.sentence):
        if rule.kind not in _KINDS or rule.format not in (_EVERY, *INPUT_FORMATS):
            raise ValueError(f"unknown format or kind: {rule}")
        found[rule.format, rule.kind].append(rule.sentence)
    parts = [_INTRODUCTION]
    for name in (_EVERY, *INPUT_FORMATS):
        kinds = [(kind, found[name, kind]) for kind in _KINDS if found[name, kind]]
        if kinds:
            parts.append(f"## {'Every format' if name == _EVERY else name}\n")
            rows = (f"| {kind} | {sentence} |" for kind, said in kinds for sentence in said)
            parts.append("\n".join(["| | |", "|---|---|", *rows, ""]))
    return "\n".join(parts)


def collect(folder: Path) -> Iterator[Rule]:
    """Find the marks of all tests in a folder: `@pytest.mark.rule("JPEG PNG", "read", "...")`."""
    for path in sorted(folder.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                for decorator in node.decorator_list:
                    yield from _rules_of(decorator)


def _rules_of(decorator: ast.expr) -> Iterator[Rule]:
    if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.rule":
        formats, kind, sentence = (ast.literal_eval(argument) for argument in decorator.args)
        for name in formats.split():
            yield Rule(name, kind, sentence)

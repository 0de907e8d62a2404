"""The list of mutations fits the code, and its runner tells apart what tests find and what not."""

from __future__ import annotations

import ast
import os
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from tests.mutations import checkout_copy
from tests.mutations.checkout_copy import CheckoutCopy
from tests.mutations.mutation import Mutation, load
from tests.mutations.verdict import Verdict, try_out
from tests.project.documents import ROOT

AT_LEAST = 380
MUTATIONS = load()


@cache
def source(file: str) -> str:
    return (ROOT / file).read_text()


@cache
def functions_of(file: str) -> set[str]:
    """The test functions of a file; those of a class as `Class::test`."""
    return set(_named(ast.parse(source(file))))


def _named(node: ast.Module | ast.ClassDef) -> Iterator[str]:
    for child in node.body:
        if isinstance(child, ast.ClassDef):
            yield from (f"{child.name}::{name}" for name in _named(child))
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child.name


def test_there_are_enough() -> None:
    assert len(MUTATIONS) >= AT_LEAST


def test_each_has_a_name_of_its_own() -> None:
    names = Counter(mutation.name for mutation in MUTATIONS)
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("subject", sorted({mutation.subject for mutation in MUTATIONS}))
def test_each_changes_code_into_other_code(subject: str) -> None:
    """And into code that Python can read: else its tests would fail whatever they look at."""
    for mutation in load([subject]):
        before = source(mutation.file)
        after = mutation.apply(before)
        assert after != before, mutation.name
        ast.parse(after, mutation.name)


def test_no_two_make_the_same_change() -> None:
    changes = Counter((it.file, it.before, it.after) for it in MUTATIONS)
    assert [change for change, count in changes.items() if count > 1] == []


def test_each_has_tests_that_are_there() -> None:
    for mutation in MUTATIONS:
        assert mutation.killed_by, mutation.name
        for test in mutation.killed_by:
            file, _, name = test.partition("::")
            assert name.partition("[")[0] in functions_of(file), f"{mutation.name}: {test}"


PROJECT = {
    "product.py": "import time\n\n\ndef smaller(a, b):\n    return a < b\n",
    "test_product.py": """
from product import smaller

def test_smaller():
    assert smaller(1, 2)
""",
    # Instead of the plugin for Django.
    "conftest.py": """
def pytest_addoption(parser):
    for name in ("--create-db", "--reuse-db"):
        parser.addoption(name, action="store_true")
""",
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CheckoutCopy]:
    """A copy of a small project, whose tests need neither a database nor a plugin."""
    folder = tmp_path_factory.mktemp("mutations")
    root = folder / "root"
    root.mkdir()
    for name, text in PROJECT.items():
        (root / name).write_text(text)
    (root / ".venv").symlink_to(ROOT / ".venv")
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkout_copy, "_files", lambda root: list(PROJECT))
        made = CheckoutCopy(root, folder / "copy", 0, environment)
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("before", "after", "test", "verdict"),
    [
        ("a < b", "a > b", "smaller", Verdict.KILLED),
        ("a < b", "a <= b", "smaller", Verdict.SURVIVED),
        ("return a < b", "time.sleep(600)", "smaller", Verdict.HUNG),
        ("import time", "import no_such_module", "smaller", Verdict.BROKEN),
        ("a < b", "a > b", "no_such_test", Verdict.BROKEN),
        ("no such text", "", "smaller", Verdict.BROKEN),
    ],
    ids=["killed", "survived", "hung", "not importable", "no test", "no text"],
)
def test_the_verdict(
    copy: CheckoutCopy, before: str, after: str, test: str, verdict: Verdict
) -> None:
    mutation = Mutation("x", "x", "product.py", before, after, (f"test_product.py::test_{test}",))
    file = copy.folder / "product.py"
    moment = file.stat().st_mtime_ns
    seconds = 1 if verdict is Verdict.HUNG else 60
    found, run = try_out(mutation, copy, seconds=seconds)
    assert found is verdict, run.output
    assert run.red == (["test_product.py::test_smaller"] if verdict is Verdict.KILLED else [])
    assert (file.read_text(), file.stat().st_mtime_ns) == (PROJECT["product.py"], moment)

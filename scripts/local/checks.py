"""`scripts/test`: every check and every test, or pytest alone with the arguments given."""

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

from scripts.local import child, chromium
from scripts.local.bootstrap import PYTHON, ROOT, say
from scripts.local.data_folder import opened
from scripts.local.errors import StartError, StopRequested
from scripts.local.frontend import FOLDER, Frontend
from scripts.local.interrupt import Interrupt
from scripts.local.node import NPM, with_node
from scripts.local.services import TEST_URL
from scripts.local.stack import Stack

BIN = PYTHON.parent
GENERATE = ROOT / "scripts" / "generate"

CHECKS: dict[str, list[str]] = {
    "ruff check": [str(BIN / "ruff"), "check", "."],
    "ruff format": [str(BIN / "ruff"), "format", "--check", "."],
    "mypy": [str(BIN / "mypy")],
    "import-linter": [str(BIN / "lint-imports")],
    "derived files are current": [str(GENERATE), "--check"],
    "migrations are complete": [str(PYTHON), "manage.py", "makemigrations", "--check", "--dry-run"],
    "django check": [str(PYTHON), "manage.py", "check", "--fail-level", "WARNING"],
}
# Scripts of frontend/package.json.
PAGE_CHECKS = {
    "page: types of the API are current": "generate:check",
    "page: lint": "lint",
    "page: types": "typecheck",
    "page: tests": "test",
}
PYTEST = [str(PYTHON), "-m", "pytest"]
# In a process for each core, four at most; `tests/conftest.py` says what runs beside what.
SPREAD = ["--numprocesses=auto", "--maxprocesses=4", "--dist=loadfile", "--no-loadscope-reorder"]
COUNTED = ("tests", "failures", "errors", "skipped")


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for and return the exit status."""
    interrupt = Interrupt()
    interrupt.install()
    try:
        with opened(None, interrupt, prefix="test-data-") as data:
            stack = Stack(data, os.environ, interrupt, public_url=TEST_URL, durable=False)
            try:
                stack.start()
                if arguments:
                    return _run([*PYTEST, *arguments], stack.environment, interrupt)
                return _everything(stack, interrupt)
            finally:
                stack.stop()
    except StartError as error:
        say(str(error))
        return 1
    except StopRequested:
        return 130


def _everything(stack: Stack, interrupt: Interrupt) -> int:
    environment = stack.environment
    failed = _page(stack, interrupt)
    for title, command in CHECKS.items():
        if command[0] == str(GENERATE) and not GENERATE.exists():
            continue
        print(f"--- {title}", flush=True)
        if _run(command, environment, interrupt) != 0:
            failed.append(title)
    print("--- pytest", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        status = _run([*PYTEST, *SPREAD, f"--junit-xml={report}"], environment, interrupt)
        if failed:
            # Otherwise pytest's own closing line is the last one, as its readers expect.
            print(closing_line(report, failed), flush=True)
    return status or (1 if failed else 0)


def _page(stack: Stack, interrupt: Interrupt) -> list[str]:
    """Build the web page and run its checks; the titles of those that failed."""
    frontend = Frontend(stack.environment, interrupt, stack.log("page"))
    if not frontend.is_there:
        return []
    failed = []
    steps: dict[str, Callable[[], None]] = {
        "page: browser": lambda: chromium.install(
            stack.environment, interrupt, stack.log("chromium")
        ),
        "page: build": frontend.build,
    }
    for title, step in steps.items():
        print(f"--- {title}", flush=True)
        try:
            step()
        except StartError as error:
            say(str(error))
            failed.append(title)
    environment = with_node(stack.environment)
    for title, script in PAGE_CHECKS.items():
        print(f"--- {title}", flush=True)
        if child.run([*NPM, "run", "--silent", script], environment, FOLDER, interrupt) != 0:
            failed.append(title)
    return failed


def closing_line(report: Path, failed: Sequence[str]) -> str:
    """pytest's closing line again, with the failed checks counted and named."""
    passed = broken = 0
    if report.exists():
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):  # noqa: S314 - ours
            count = {name: int(suite.get(name, 0)) for name in COUNTED}
            bad = count["failures"] + count["errors"]
            broken += bad
            passed += count["tests"] - bad - count["skipped"]
    total = len(failed) + broken
    return f"=== {total} failed, {passed} passed === failed checks: {', '.join(failed)}"


def _run(command: Sequence[str], environment: Mapping[str, str], interrupt: Interrupt) -> int:
    return child.run(command, environment, ROOT, interrupt)

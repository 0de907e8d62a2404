"""A process that imports the libraries once and runs pytest in forks of itself.

To import them takes longer than the tests of one mutation. It imports nothing of the project,
because mutations change that. Each line of standard input is a JSON object with pytest's
`arguments`, a `log` file for its output, and whether to `compile`. The answer is pytest's exit
status.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import pytest

# None of these reads Django's settings on import.
LIBRARIES = (
    *("boto3", "celery", "cv2", "django.db.models", "django.template", "django.test", "jwt"),
    *("kombu", "numpy", "PIL.Image", "PIL.ImageCms", "pydantic", "redis", "requests", "structlog"),
)


def main() -> None:
    """Serve until standard input ends."""
    for name in LIBRARIES:
        import_module(name)
    fork = multiprocessing.get_context("fork")
    for line in sys.stdin:
        process = fork.Process(target=_run_pytest, kwargs=json.loads(line))
        process.start()
        process.join()
        print(process.exitcode, flush=True)


def _run_pytest(arguments: Sequence[str], log: str, compile: bool) -> None:  # noqa: A002
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    sys.dont_write_bytecode = not compile
    sys.exit(pytest.main(list(arguments)))


if __name__ == "__main__":
    main()

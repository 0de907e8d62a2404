"""A process that has loaded the libraries, and runs pytest in forks of itself.

To load them takes longer than the tests of one mutation. Nothing of the project is loaded here,
since that is what may be changed from run to run. For each line that is read, a JSON object with
pytest's `arguments`, a `log` for its output, and whether to `compile`, pytest's exit status is
written.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import pytest

# None of these looks at Django's settings while it is imported.
LIBRARIES = (
    *("boto3", "celery", "cv2", "django.db.models", "django.template", "django.test", "jwt"),
    *("kombu", "numpy", "PIL.Image", "PIL.ImageCms", "pydantic", "redis", "requests", "structlog"),
)


def main() -> None:
    """Serve until nobody writes any more."""
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

"""Import from many names whose name server never answers, while others use the service.

python -m tests.chaos.silent_name_server --requests 60
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from scripts.local.checkout import ROOT
from tests.chaos.command import end
from tests.chaos.figures import Figures
from tests.chaos.health import Pulse
from tests.stack.service import Service, register_client, start_service

FOLDER = ROOT / "tests/servers/silent_names"
AT_ONCE = 16
ANSWER_SECONDS = 3.0


@contextmanager
def service_with_silent_names(**settings: str) -> Iterator[Service]:
    """Start a service that cannot resolve names below `silent.example`."""
    assert Path(FOLDER, "sitecustomize.py").is_file()
    with start_service(PYTHONPATH=str(FOLDER), **settings) as service:
        yield service


def run(service: Service, *, requests: int, answer_within: float = ANSWER_SECONDS) -> Figures:
    """Send imports from as many threads as the web server has, and look at `/healthz`."""
    figures = Figures("silent name server", {"imports": requests})
    with register_client(service) as client:

        def import_from(number: int) -> int:
            url = f"https://name-{number}.silent.example/a.jpg"
            return client.post("/images/import/", json={"url": url}).status_code

        with Pulse(service) as pulse, ThreadPoolExecutor(AT_ONCE) as threads:
            statuses = Counter(threads.map(import_from, range(requests)))
    figures.measured["slowest health check"] = f"{pulse.slowest * 1000:.0f} ms"
    figures.require(statuses == {202: requests}, f"the imports were answered {dict(statuses)}")
    pulse.require_within(figures, answer_within)
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=60)
    options = parser.parse_args()
    with service_with_silent_names() as attacked:
        end(run(attacked, requests=options.requests))

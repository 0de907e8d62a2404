"""A web server with two threads, low bounds and short times."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.web_server import WebServer


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the server. Its log must have no traceback."""
    server = WebServer(
        "tests.servers.slow_clients_app",
        tmp_path_factory.mktemp("gunicorn"),
        *("--graceful-timeout", "5", "--log-level", "debug"),
    )
    try:
        yield server.url
        assert "Traceback" not in server.log
    finally:
        assert server.started.end() == 0

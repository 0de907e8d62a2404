"""Ports that are free, taken or impossible."""

import socket

import pytest

from scripts.local.servers.ports import SERVICE_PORTS, find_free, require_free
from scripts.local.terminal import StartError


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - another's server
def test_a_port_with_a_server_is_refused_by_number(address: str) -> None:
    with socket.create_server((address, 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(StartError, match=rf"^Port {port} is in use .* --port\.$"):
            require_free(port)


@pytest.mark.parametrize("port", [-1, 0, 65_536])
def test_a_port_that_does_not_exist_is_refused(port: int) -> None:
    with pytest.raises(StartError, match=rf"^Port {port} does not exist: .* 1 to 65535"):
        require_free(port)


def test_a_free_port_is_below_those_of_outgoing_connections() -> None:
    port = find_free()
    assert port in SERVICE_PORTS
    require_free(port)

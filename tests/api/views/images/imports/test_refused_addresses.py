"""Addresses from which nothing is imported."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.problems import refused
from tests.api.views.images.imports.conftest import IMPORT, LOOPBACK, outcome, shown
from tests.builders import pictures
from tests.servers.raw_http import Server, ok, redirect
from utils.outbound import network

Serve = Callable[..., Server]
Ask = Callable[..., dict[str, Any]]
Work = Callable[[], int]

AT_ONCE: dict[str, tuple[str, int, str]] = {
    "loopback": ("http://127.0.0.1/", 422, "address_forbidden"),
    "its name": ("http://localhost/", 422, "address_forbidden"),
    "IPv6 loopback": ("http://[::1]/", 422, "address_forbidden"),
    "mapped": ("http://[::ffff:127.0.0.1]/", 422, "address_forbidden"),
    "private": ("https://10.1.2.3/x.jpg", 422, "address_forbidden"),
    "home": ("http://192.168.1.1/", 422, "address_forbidden"),
    "carrier": ("http://100.64.0.1/", 422, "address_forbidden"),
    "metadata of a cloud": ("http://169.254.169.254/latest/", 422, "address_forbidden"),
    "unique local": ("http://[fd00::1]/", 422, "address_forbidden"),
    "as one number": ("http://2130706433/", 400, "url_refused"),
    "short": ("http://127.1/", 400, "url_refused"),
    "a port": ("http://93.184.216.34:22/", 400, "url_refused"),
    "a file": ("file:///etc/passwd", 400, "url_refused"),
    "gopher": ("gopher://93.184.216.34/", 400, "url_refused"),
    "a password": ("http://me:secret@93.184.216.34/", 400, "url_refused"),
    "a space": ("http://93.184.216.34/a b", 400, "url_refused"),
    "no host": ("http:///x.jpg", 400, "url_refused"),
    "broken brackets": ("http://[::1/", 400, "url_refused"),
}


@pytest.mark.parametrize(("url", "status", "code"), AT_ONCE.values(), ids=AT_ONCE.keys())
def test_invalid_addresses_are_refused_at_once(
    client: APIClient, nothing_left: Any, url: str, status: int, code: str
) -> None:
    with nothing_left():
        refused(client.post(IMPORT, {"url": url}), status, code, "/url")


@pytest.fixture
def start_allowed(settings: Any) -> None:
    """Allow 127.0.0.1, which redirects, and not 127.0.0.2."""
    settings.OUTBOUND_ALLOWED_NETWORKS = [network.ipaddress.ip_network("127.0.0.1/32")]


@pytest.mark.usefixtures("start_allowed")
@pytest.mark.parametrize(
    "inside", ["http://127.0.0.2:{port}/", "http://[::1]:{port}/", "http://169.254.169.254/"]
)
def test_a_redirect_to_a_private_address_fails(
    client: APIClient, serve: Serve, ask: Ask, import_due: Work, inside: str
) -> None:
    secret = serve(ok(pictures.jpeg()))
    server = serve(redirect(inside.format(port=secret.port)))
    image = ask(client, server.url("/x.jpg"))
    assert import_due() == 1
    assert outcome(client, image) == ("failed", "address_forbidden")
    assert len(server.requests) == 1
    assert secret.requests == []


@pytest.mark.usefixtures("reachable")
def test_endless_redirects_fail(
    client: APIClient, serve: Serve, ask: Ask, import_due: Work
) -> None:
    server = serve(redirect("/again"))
    image = ask(client, server.url("/"))
    import_due()
    assert outcome(client, image) == ("failed", "too_many_redirects")
    assert len(server.requests) == 4


@pytest.mark.usefixtures("reachable")
def test_a_redirect_to_an_allowed_address_is_followed(
    client: APIClient, serve: Serve, ask: Ask, import_due: Work
) -> None:
    end = serve(ok(pictures.jpeg()))
    image = ask(client, serve(redirect(end.url("/y.jpg"))).url("/x.jpg"))
    import_due()
    assert outcome(client, image) == ("ready", None)
    assert shown(client, image)["file_name"] == "x.jpg"


def test_a_name_that_later_resolves_to_a_private_address_fails(
    client: APIClient, serve: Serve, ask: Ask, import_due: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: a public address at the request, a private one at the import."""
    server = serve(ok(pictures.jpeg()))
    answers = iter(["93.184.216.34", "127.0.0.1"])
    look_up = socket.getaddrinfo

    def rebinding(host: Any, *args: Any, **options: Any) -> Any:
        if host != "rebinding.example":
            return look_up(host, *args, **options)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 0))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    image = ask(client, server.url("/", host="rebinding.example"))
    assert import_due() == 1
    assert next(answers, None) is None
    now = shown(client, image)
    assert (now["status"], now["error_code"]) == ("failed", "address_forbidden")
    assert "127.0.0.1" not in now["error_message"]
    assert server.requests == []


def test_a_network_that_is_no_longer_allowed_fails(
    client: APIClient, serve: Serve, ask: Ask, import_due: Work, settings: Any
) -> None:
    server = serve(ok(pictures.jpeg()))
    settings.OUTBOUND_ALLOWED_NETWORKS = [LOOPBACK]
    image = ask(client, server.url("/"))
    settings.OUTBOUND_ALLOWED_NETWORKS = []
    import_due()
    assert outcome(client, image) == ("failed", "address_forbidden")
    assert server.requests == []

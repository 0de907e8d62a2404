"""Certificates are checked against the name, although the connection is made to a number."""

from __future__ import annotations

import datetime
import io
import ipaddress
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.servers.raw_http import Server, ok
from utils.outbound import Client, OutboundError, RemoteTimeout, TlsFailed

NAMES = {"good.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]}
NOW = datetime.datetime.now(datetime.UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate that signs itself, for good.example and 127.0.0.1: (certificate, both)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "good.example")])
    alternatives = [
        x509.DNSName("good.example"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - datetime.timedelta(days=1))
        .not_valid_after(NOW + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    certificate = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "certificate").write_bytes(certificate)
    (folder / "both").write_bytes(secret + certificate)
    return folder / "certificate", folder / "both"


@pytest.fixture
def secure(authority: tuple[Path, Path], serve: Callable[..., Server]) -> tuple[Server, list[Any]]:
    """A server with that certificate, and the names that clients asked it for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority[1])
    asked: list[Any] = []
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    return serve(ok(b"the bytes"), tls=context), asked


def trusting(authority: tuple[Path, Path]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authority[0])


def fetch(client: Client, url: str) -> bytes:
    into = io.BytesIO()
    client.fetch(url, into, most_bytes=100, seconds=10)
    return into.getvalue()


def test_the_name_is_asked_for_and_checked(
    secure: tuple[Server, list[Any]],
    authority: tuple[Path, Path],
    client_for: Callable[..., Client],
) -> None:
    server, asked = secure
    client = client_for(server, names=NAMES, tls=trusting(authority))
    assert fetch(client, server.url(host="good.example", scheme="https")) == b"the bytes"
    assert asked == ["good.example"]
    assert fetch(client, server.url(scheme="https")) == b"the bytes"


def test_a_certificate_of_another_name_is_refused(
    secure: tuple[Server, list[Any]],
    authority: tuple[Path, Path],
    client_for: Callable[..., Client],
) -> None:
    server, _ = secure
    client = client_for(server, names=NAMES, tls=trusting(authority))
    with pytest.raises(TlsFailed, match=r"other\.example") as raised:
        fetch(client, server.url(host="other.example", scheme="https"))
    assert not raised.value.transient
    assert server.requests == []


def test_a_certificate_that_nobody_vouches_for_is_refused(
    secure: tuple[Server, list[Any]], client_for: Callable[..., Client]
) -> None:
    server, _ = secure
    with pytest.raises(TlsFailed, match="certificate"):
        fetch(client_for(server, names=NAMES), server.url(host="good.example", scheme="https"))
    assert server.requests == []


def test_a_server_without_tls_is_an_error_of_ours(
    serve: Callable[..., Server], client_for: Callable[..., Client]
) -> None:
    server = serve(ok(b""))
    with pytest.raises(OutboundError):
        client_for(server).post(server.url(scheme="https"), b"", headers={}, seconds=0.3)


def test_a_handshake_without_an_end_ends(
    serve: Callable[..., Server], client_for: Callable[..., Client]
) -> None:
    server = serve(lambda connection: None)
    with pytest.raises(RemoteTimeout):
        client_for(server).post(server.url(scheme="https"), b"", headers={}, seconds=0.3)

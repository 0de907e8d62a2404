"""Services that the environment names and that do not answer: one sentence each."""

import socket
from collections.abc import Iterator

import pytest

from scripts.local.servers.external_services import require_answers
from scripts.local.terminal import StartError


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that belongs to us and on which nobody listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("DATABASE_URL", "postgres://me:hidden@127.0.0.1:{port}/pictures"),
        ("CELERY_BROKER_URL", "redis://:hidden@127.0.0.1:{port}/0"),
        ("CELERY_BROKER_URL", "amqp://me:hidden@127.0.0.1:{port}//"),
        ("CACHE_REDIS_URL", "redis://:hidden@127.0.0.1:{port}/1"),
    ],
)
def test_nobody_listens(closed_port: int, variable: str, url: str) -> None:
    with pytest.raises(StartError) as caught:
        require_answers({variable: url.format(port=closed_port)})
    sentence = str(caught.value)
    assert sentence.startswith(f"{variable} names ")
    assert f"127.0.0.1:{closed_port}" in sentence
    assert sentence.endswith("refused.")
    assert "hidden" not in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("variable", "url", "reason"),
    [
        ("DATABASE_URL", "mysql://me@host/x", "must name a PostgreSQL database"),
        ("DATABASE_URL", "word", "not a bare word"),
        ("CELERY_BROKER_URL", "carrier-pigeon://host", "starts with 'carrier-pigeon'"),
        ("CELERY_BROKER_URL", "sqs://host", "must start with one of amqp://"),
        ("CACHE_REDIS_URL", "memcached://host", "cannot be read"),
    ],
)
def test_an_address_of_another_kind(variable: str, url: str, reason: str) -> None:
    with pytest.raises(StartError, match=f"^{variable} .*{reason}"):
        require_answers({variable: url})


def test_a_server_that_never_replies_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        for variable in ("CELERY_BROKER_URL", "CACHE_REDIS_URL"):
            with pytest.raises(StartError, match=f"^{variable} names .*{port}.* does not answer"):
                require_answers({variable: f"redis://127.0.0.1:{port}/0"})


def test_nothing_is_asked_without_external_services() -> None:
    require_answers({"DATABASE_URL": "", "PATH": "/bin"})

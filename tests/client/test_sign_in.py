"""Keys, passwords, and tokens that are exchanged once."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from image_processing_client import Client, NotSignedIn
from tests.client import answers
from tests.client.faulty import Answer, Faulty, Handler, ok, refused
from tests.scripts.processes import DEADLINE

BY_PASSWORD = {"email": "me@example.com", "password": "secret"}


def service_of(fresh: str) -> Answer:
    """Accepts one access token; sign-in gives an expired one, an exchange the one accepted."""
    image, expired = ok(answers.image()), refused(401, "token_expired")

    def answer(handler: Handler) -> None:
        match handler.path, handler.headers["Authorization"]:
            case "/api/v1/token/", _:
                ok({"access": "old", "refresh": "r-1"})(handler)
            case "/api/v1/token/refresh/", _:
                ok({"access": fresh, "refresh": "r-2"})(handler)
            case _, header:
                (image if header == f"Bearer {fresh}" else expired)(handler)

    return answer


def paths(network: Faulty) -> list[str]:
    return [seen.path.removeprefix("/api/v1/") for seen in network.seen]


def test_a_key_is_sent_as_it_is_and_not_renewed(network: Faulty, client: Client) -> None:
    network.answers(refused(401, "token_expired"))
    with pytest.raises(NotSignedIn):
        client.images.get(7)
    assert [seen.headers["Authorization"] for seen in network.seen] == ["Api-Key k-1"]


def test_nothing_is_sent_before_the_first_call(network: Faulty) -> None:
    Client(network.url, **BY_PASSWORD).close()
    assert network.seen == []


def test_an_expired_token_is_exchanged(network: Faulty) -> None:
    network.answers(service_of("new"))
    with Client(network.url, **BY_PASSWORD) as client:
        client.images.get(7)
        client.images.get(7)
    assert paths(network) == ["token/", "images/7/", "token/refresh/", "images/7/", "images/7/"]
    assert json.loads(network.seen[0].body) == {"username": "me@example.com", "password": "secret"}
    assert json.loads(network.seen[2].body) == {"refresh": "r-1"}


def test_many_threads_exchange_it_once(network: Faulty) -> None:
    network.answers(service_of("new"))
    together = threading.Barrier(8, timeout=DEADLINE)
    with Client(network.url, **BY_PASSWORD) as client, ThreadPoolExecutor(8) as threads:

        def get(_: int) -> int:
            together.wait()
            return client.images.get(7).id

        assert set(threads.map(get, range(8))) == {7}
    assert paths(network).count("token/") == 1
    assert paths(network).count("token/refresh/") == 1


def test_a_session_that_has_ended_is_begun_anew_once(network: Faulty) -> None:
    revoked = refused(401, "session_revoked")
    token = ok({"access": "a", "refresh": "r"})
    network.answers(token, revoked, token, ok(answers.image()), revoked, token, revoked)
    with Client(network.url, **BY_PASSWORD) as client:
        assert client.images.get(7).id == 7
        with pytest.raises(NotSignedIn) as caught:
            client.images.get(7)
    assert caught.value.code == "session_revoked"


def test_a_wrong_password(network: Faulty) -> None:
    network.answers(refused(401, "invalid_credentials"))
    with Client(network.url, **BY_PASSWORD) as client, pytest.raises(NotSignedIn):
        client.images.get(7)
    assert paths(network) == ["token/"]


def test_cookies_of_the_sign_in_are_not_kept(network: Faulty, client: Client) -> None:
    network.answers(ok(answers.image(), Set_Cookie="access=a; Path=/"), ok(answers.image()))
    client.images.get(7)
    client.images.get(7)
    assert "Cookie" not in network.seen[1].headers

"""One class per meaning, with all that the service said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from image_processing_client import (
    APIError,
    Client,
    Conflict,
    InvalidRequest,
    NotFound,
    NotSignedIn,
    PaymentRequired,
    PermissionDenied,
    RateLimited,
    Retries,
    ServiceFailed,
    StorageFull,
    UnexpectedAnswer,
)
from image_processing_client.problem import retry_after
from tests.client.faulty import Faulty, content, page, refused


@pytest.fixture
def client(network: Faulty) -> Client:
    return Client(network.url, key="k", retries=Retries(0))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidRequest),
        (401, NotSignedIn),
        (402, PaymentRequired),
        (403, PermissionDenied),
        (404, NotFound),
        (405, APIError),
        (409, Conflict),
        (410, NotFound),
        (412, Conflict),
        (413, InvalidRequest),
        (415, InvalidRequest),
        (422, InvalidRequest),
        (429, RateLimited),
        (500, ServiceFailed),
        (503, ServiceFailed),
        (507, StorageFull),
    ],
)
def test_the_class_follows_from_the_status(
    network: Faulty, client: Client, status: int, kind: type[APIError]
) -> None:
    network.answers(refused(status, "some_code", request_id="r-1"))
    with client, pytest.raises(APIError) as caught:
        client.images.get(7)
    assert type(caught.value) is kind
    assert (caught.value.status, caught.value.code) == (status, "some_code")
    assert caught.value.request_id == "r-1"


def test_every_refused_value_is_named(network: Faulty, client: Client) -> None:
    value = {
        "pointer": "/transformations/0/params/width",
        "code": "less_than_equal",
        "detail": "width must be at most 16384 but is 99999.",
        "limit": 16384,
        "actual": 99999,
    }
    network.answers(refused(400, "invalid_pipeline", title="Refused", errors=[value]))
    with client, pytest.raises(InvalidRequest) as caught:
        client.transform(7, [])
    [refusal] = caught.value.errors
    assert (refusal.pointer, refusal.code) == (value["pointer"], "less_than_equal")
    assert (refusal.limit, refusal.actual) == (16384, 99999)
    assert str(caught.value) == (
        "This is invalid_pipeline. (400 invalid_pipeline)\n"
        "  /transformations/0/params/width: width must be at most 16384 but is 99999."
    )


def test_a_proxys_page_is_an_error_too(network: Faulty, client: Client) -> None:
    network.answers(page(403))
    with client, pytest.raises(PermissionDenied, match=r"Forbidden \(403 http_403\)"):
        client.images.get(7)


def test_an_answer_that_is_no_json(network: Faulty, client: Client) -> None:
    network.answers(content(b"<html>Welcome</html>"))
    with client, pytest.raises(UnexpectedAnswer, match="Is this the address of the service"):
        client.images.get(7)


def test_retry_after_as_seconds_and_as_a_date() -> None:
    assert retry_after("12") == 12
    then = datetime.now(UTC) + timedelta(minutes=10)
    seconds = retry_after(format_datetime(then, usegmt=True))
    assert seconds is not None
    assert 0 < seconds <= 600
    for nothing in (None, "", "soon", "-1"):
        assert retry_after(nothing) is None


@pytest.mark.parametrize(
    "address", ["", "images.example.com", "ftp://x", "http://", "http://x:port"]
)
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(ValueError, match="is not an address"):
        Client(address)


@pytest.mark.parametrize("end", ["", "/", "/api/v1", "/api/v1/"])
def test_the_address_may_be_that_of_the_api(end: str) -> None:
    with Client(f"https://images.example.com{end}") as client:
        assert client.base_url == "https://images.example.com"


def test_one_way_to_sign_in() -> None:
    with pytest.raises(ValueError, match="together"):
        Client("http://x", email="me@example.com")
    with pytest.raises(ValueError, match="only one of them"):
        Client("http://x", key="k", email="me@example.com", password="p")

"""What is tried again, how often, and with which key."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from image_processing_client import (
    APIError,
    Client,
    ConnectionFailed,
    InvalidRequest,
    RateLimited,
    Retries,
    ServiceFailed,
    step,
)
from tests.client import answers
from tests.client.faulty import Answer, Faulty, ok, page, refused, reset, silence

STEPS = [step("resize", width=80)]


@pytest.mark.parametrize(
    "fault",
    [
        reset,
        silence,
        page(502),
        page(504),
        refused(503, "database_unavailable", headers={"Retry-After": "5"}),
        refused(429, "rate_limited", headers={"Retry-After": "7"}),
        refused(409, "idempotency_in_progress"),
    ],
    ids=["reset", "silence", "502", "504", "503", "429", "in-progress"],
)
def test_a_submission_goes_again_with_the_same_key(
    network: Faulty, client: Client, fault: Answer
) -> None:
    network.answers(fault, fault, ok(answers.task(), 201))

    task = client.transform(7, STEPS)

    assert task.id == 9
    keys = {seen.headers["Idempotency-Key"] for seen in network.seen}
    assert len(network.seen) == 3
    assert len(keys) == 1
    assert len({seen.body for seen in network.seen}) == 1


def test_an_upload_goes_again_whole(network: Faulty, client: Client) -> None:
    network.answers(reset, page(502), ok(answers.image(), 201))
    client.images.upload(io.BytesIO(b"picture"), file_name="photo.jpg")
    assert len(network.seen) == 3
    for seen in network.seen:
        assert b'filename="photo.jpg"' in seen.body
        assert b"\r\n\r\npicture\r\n" in seen.body
    assert len({seen.headers["Idempotency-Key"] for seen in network.seen}) == 1


def test_two_calls_have_two_keys(network: Faulty, client: Client) -> None:
    network.answers(ok(answers.task(), 201))
    client.transform(7, STEPS)
    client.transform(7, STEPS)
    assert len({seen.headers["Idempotency-Key"] for seen in network.seen}) == 2


def test_pauses_grow_and_retry_after_is_kept_to(
    network: Faulty, client: Client, pauses: list[float]
) -> None:
    limited = refused(429, "rate_limited", headers={"Retry-After": "7"})
    network.answers(page(502), page(502), page(502), limited, ok(answers.image()))
    client.images.get(7)
    for pause, most in zip(pauses, (0.5, 1, 2), strict=False):
        assert most / 2 <= pause <= most
    assert 7 < pauses[3] <= 9


def test_a_retry_after_of_an_hour_is_the_callers_to_decide(
    network: Faulty, client: Client, pauses: list[float]
) -> None:
    network.answers(refused(429, "rate_limited", headers={"Retry-After": "3600"}))
    with pytest.raises(RateLimited) as caught:
        client.images.get(7)
    assert caught.value.retry_after == 3600
    assert pauses == []


def test_it_gives_up_in_the_end(network: Faulty, client: Client) -> None:
    network.answers(page(503))
    with pytest.raises(ServiceFailed) as caught:
        client.images.get(7)
    assert (caught.value.status, caught.value.code) == (503, "http_503")
    assert len(network.seen) == 1 + Retries().count


def test_a_broken_connection_names_the_request(network: Faulty, client: Client) -> None:
    network.answers(reset)
    with pytest.raises(ConnectionFailed, match=f"GET {network.url}/api/v1/images/7/"):
        client.images.get(7)


def test_nobody_at_the_address(network: Faulty, pauses: list[float]) -> None:
    nobody = Client("http://127.0.0.1:9", retries=Retries(2, sleep=pauses.append))
    with nobody, pytest.raises(ConnectionFailed):
        nobody.operations.list()
    assert len(pauses) == 2


@pytest.mark.parametrize("fault", [reset, silence, page(502)], ids=["reset", "silence", "502"])
def test_what_may_not_happen_twice_is_sent_once(
    network: Faulty, client: Client, fault: Answer
) -> None:
    network.answers(fault)
    with pytest.raises((ConnectionFailed, ServiceFailed)):
        client.tasks.retry(9)
    assert len(network.seen) == 1


@pytest.mark.parametrize(
    "answer",
    [
        refused(400, "invalid_pipeline"),
        refused(404, "not_found"),
        refused(409, "conflict"),
        refused(422, "idempotency_key_reused"),
        refused(500, "internal_error"),
        refused(507, "storage_full"),
    ],
)
def test_what_would_be_refused_again_is_not_sent_again(
    network: Faulty, client: Client, answer: Answer
) -> None:
    network.answers(answer)
    with pytest.raises(APIError):
        client.transform(7, STEPS)
    assert len(network.seen) == 1


def test_without_retries(network: Faulty) -> None:
    network.answers(page(503))
    with Client(network.url, key="k", retries=Retries(0)) as client, pytest.raises(ServiceFailed):
        client.images.get(7)
    assert len(network.seen) == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.images.upload(b"", file_name="x.jpg"),
        lambda client: client.transform(7, STEPS),
    ],
)
def test_a_refusal_during_an_attempt_is_shown(
    network: Faulty, client: Client, call: Callable[[Client], Any]
) -> None:
    network.answers(reset, refused(400, "empty_file", limit=1, actual=0))
    with pytest.raises(InvalidRequest) as caught:
        call(client)
    assert (caught.value.code, caught.value.limit, caught.value.actual) == ("empty_file", 1, 0)

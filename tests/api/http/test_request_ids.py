"""Every answer has a request id."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.problems import refused


@pytest.mark.parametrize("given", ["a", "0af7651916cd43dd8448eb211c80319c", "A-b_c.9", "x" * 128])
def test_a_valid_request_id_is_kept(client: APIClient, given: str) -> None:
    assert client.get("/api/v1/images/", HTTP_X_REQUEST_ID=given)["X-Request-ID"] == given
    assert client.get("/healthz", HTTP_X_REQUEST_ID=given)["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "a\nb", "a\n", '{"a":1}', "é", "a;b"])
def test_an_invalid_request_id_is_replaced(client: APIClient, given: str) -> None:
    answer = client.get("/api/v1/nothing/", HTTP_X_REQUEST_ID=given)
    assert answer["X-Request-ID"] != given
    assert len(answer["X-Request-ID"]) == 32
    assert refused(answer, 404, "not_found")["request_id"] == answer["X-Request-ID"]


def test_two_requests_have_two_ids(client: APIClient) -> None:
    first, second = (client.get("/api/v1/images/")["X-Request-ID"] for _ in range(2))
    assert first != second


def test_log_lines_have_the_request_id_of_the_answer(client: APIClient, caplog: Any) -> None:
    with caplog.at_level("INFO"):
        client.get("/api/v1/images/", HTTP_X_REQUEST_ID="id-of-this-request")
    lines = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    assert lines
    assert {line["request_id"] for line in lines} == {"id-of-this-request"}

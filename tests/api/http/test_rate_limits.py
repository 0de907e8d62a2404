"""Rate limits of users and addresses, counted in the shared cache."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from tests.api.problems import refused
from tests.builders import pictures
from utils import rate_counts

CATALOGUE = "/api/v1/operations/"
LOGIN = "/api/v1/auth/login/"
NOBODY = {"username": "nobody", "password": "wrong"}


@pytest.fixture(autouse=True)
def limit(settings: Any) -> Callable[..., None]:
    """Rate limits are on; `limit(anon="3/day")` sets some."""
    settings.RATE_LIMITS = True
    settings.THROTTLE_RATES = dict.fromkeys(settings.THROTTLE_RATES, "1000/day")

    def change(**rates: str) -> None:
        settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, **rates}

    return change


def test_the_answer_has_the_remaining_requests(
    client: APIClient, limit: Callable[..., None]
) -> None:
    limit(user="3/day")
    for left in (2, 1, 0):
        answer = client.get("/api/v1/images/")
        assert answer.status_code == 200
        assert answer["RateLimit-Policy"] == '"user";q=3;w=86400'
        assert re.fullmatch(rf'"user";r={left};t=\d+', answer["RateLimit"])


def test_a_request_over_the_limit_is_429(client: APIClient, limit: Callable[..., None]) -> None:
    limit(user="2/day")
    for _ in range(2):
        assert client.get("/api/v1/images/").status_code == 200
    answer = client.get("/api/v1/tasks/")
    body = refused(answer, 429, "rate_limited")
    assert 1 <= int(answer["Retry-After"]) <= 86_400
    assert answer["Retry-After"] in body["detail"]
    assert answer["RateLimit"].startswith('"user";r=0;')


def test_retry_after_is_the_rest_of_the_window(
    db: None, limit: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask_at(seconds: int) -> Any:
        """Send a request this many seconds after a full hour."""
        clock = SimpleNamespace(time=lambda: 1_800_000_000.0 + seconds)
        monkeypatch.setattr(rate_counts, "time", clock)
        return APIClient().get(CATALOGUE)

    limit(anon="1/hour")
    assert ask_at(600)["RateLimit"] == '"anon";r=0;t=3000'
    for seconds, left in ((600, "3000"), (1800, "1800"), (3599, "1")):
        answer = ask_at(seconds)
        assert (answer.status_code, answer["Retry-After"]) == (429, left)
    assert ask_at(3600).status_code == 200


def test_each_user_has_a_separate_limit(
    client: APIClient, make_user: Any, client_of: Any, limit: Callable[..., None]
) -> None:
    limit(user="1/day", anon="1/day")
    assert client.get("/api/v1/images/").status_code == 200
    assert client.get("/api/v1/images/").status_code == 429
    assert client_of(make_user()).get("/api/v1/images/").status_code == 200
    assert APIClient().get(CATALOGUE).status_code == 200
    assert APIClient().get(CATALOGUE).status_code == 429


def test_a_scope_counts_changes_only(
    client: APIClient, upload: Callable[..., dict[str, Any]], limit: Callable[..., None]
) -> None:
    limit(upload="1/day", transform="1/day")
    image = upload(client)
    second = {"file": ("x.jpg", pictures.jpeg())}
    answer = client.post("/api/v1/images/upload/", second, format="multipart")
    refused(answer, 429, "rate_limited")
    assert '"upload";q=1;w=86400' in answer["RateLimit-Policy"]
    path = f"/api/v1/images/{image['id']}/transform/"
    assert client.options(path).status_code == 200
    body = {"transformations": [{"operation": "flip"}]}
    assert client.post(path, body).status_code == 201
    refused(client.post(path, body), 429, "rate_limited")
    assert client.get("/api/v1/images/").status_code == 200


@pytest.mark.parametrize("path", [LOGIN, "/api/auth/login", "/api/v1/token/", "/api/token"])
def test_password_guesses_are_limited(db: None, limit: Callable[..., None], path: str) -> None:
    limit(login="2/day")
    for _ in range(2):
        assert APIClient().post(path, NOBODY).status_code in (400, 401)
    refused(APIClient().post(path, NOBODY), 429, "rate_limited")


def test_password_guesses_in_the_admin_share_the_limit(
    db: None, limit: Callable[..., None], settings: Any
) -> None:
    limit(login="2/day")
    form = {"username": "nobody", "password": "wrong"}
    for number in range(2):
        answer = Client().post("/admin/login/", {**form, "username": f"nobody {number}"})
        assert answer.status_code == 200  # the login form with an error
    answer = Client().post("/admin/login/", {**form, "username": "somebody else"})
    assert (answer.status_code, answer["Content-Type"]) == (429, "text/plain")
    assert 1 <= int(answer["Retry-After"]) <= 86_400
    refused(APIClient().post(LOGIN, NOBODY), 429, "rate_limited")
    assert Client().get("/admin/login/").status_code == 200  # showing the form is not limited
    settings.RATE_LIMITS = False
    assert Client().post("/admin/login/", form).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_ten_of_thirty_simultaneous_requests_succeed(
    limit: Callable[..., None], at_once: Callable[..., list[Any]]
) -> None:
    limit(anon="10/day")
    statuses = at_once(30, lambda number: APIClient().get(CATALOGUE).status_code)
    assert sorted(statuses) == [200] * 10 + [429] * 20


@pytest.fixture
def proxies(settings: Any) -> Callable[[int], None]:
    def stand_before(count: int) -> None:
        settings.NUM_PROXIES = count
        settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": count}

    return stand_before


def ask(forwarded: str) -> int:
    return APIClient().get(CATALOGUE, HTTP_X_FORWARDED_FOR=forwarded).status_code


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_forged_address_gives_no_new_limit(
    limit: Callable[..., None], proxies: Callable[[int], None], count: int
) -> None:
    """The caller's entries in `X-Forwarded-For` come before those of the trusted proxies."""
    limit(anon="2/day")
    proxies(count)
    ours = [", 198.51.100.7", ", 198.51.100.7, 10.0.0.1"][count - 1] if count else ""
    statuses = [ask(f"203.0.113.{number}, 192.0.2.{number}{ours}") for number in range(4)]
    assert statuses == [200, 200, 429, 429]


def test_behind_a_proxy_each_client_has_a_limit(
    limit: Callable[..., None], proxies: Callable[[int], None]
) -> None:
    limit(anon="1/day")
    proxies(1)
    assert [ask("198.51.100.7"), ask("198.51.100.8"), ask("198.51.100.7")] == [200, 200, 429]


def test_an_ipv6_network_has_one_limit(limit: Callable[..., None]) -> None:
    limit(anon="2/day")
    ends = ("::1", "::2", ":dead:beef:0:7", ":1:2:3:4")
    statuses = [
        APIClient().get(CATALOGUE, REMOTE_ADDR=f"2001:db8:0:1{end}").status_code for end in ends
    ]
    assert statuses == [200, 200, 429, 429]
    assert APIClient().get(CATALOGUE, REMOTE_ADDR="2001:db8:0:2::1").status_code == 200


@pytest.mark.parametrize("address", ["198.51.100.7", "[2001:db8:0:1::7]"])
def test_a_port_in_forwarded_for_is_ignored(
    limit: Callable[..., None], proxies: Callable[[int], None], address: str
) -> None:
    limit(anon="1/day")
    proxies(1)
    assert [ask(f"{address}:{port}") for port in (50_001, 50_002)] == [200, 429]
    assert ask(address.strip("[]")) == 429
    assert ask("198.51.100.8:50001") == 200


def test_an_ipv4_address_mapped_into_ipv6_is_the_same_client(limit: Callable[..., None]) -> None:
    limit(anon="1/day")
    for address, status in (
        ("198.51.100.7", 200),
        ("::ffff:198.51.100.7", 429),
        ("::ffff:198.51.100.8", 200),
    ):
        assert APIClient().get(CATALOGUE, REMOTE_ADDR=address).status_code == status


@pytest.fixture
def no_cache(settings: Any) -> Iterator[None]:
    """Set the cache to a port where nothing listens."""
    real = settings.CACHES["default"]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        settings.CACHES = {"default": {**real, "LOCATION": f"redis://127.0.0.1:{port}/0"}}
        yield


def test_without_the_cache_no_request_is_limited(
    no_cache: None, client: APIClient, limit: Callable[..., None]
) -> None:
    limit(anon="1/day", user="1/day")
    assert [APIClient().get(CATALOGUE).status_code for _ in range(3)] == [200] * 3
    assert [client.get("/api/v1/images/").status_code for _ in range(3)] == [200] * 3


def test_a_lost_counter_starts_again(limit: Callable[..., None]) -> None:
    limit(anon="1/day")
    assert APIClient().get(CATALOGUE).status_code == 200
    assert APIClient().get(CATALOGUE).status_code == 429
    caches["default"].clear()
    assert APIClient().get(CATALOGUE).status_code == 200


def test_disabled_rate_limits_count_nothing(limit: Callable[..., None], settings: Any) -> None:
    limit(anon="1/day")
    settings.RATE_LIMITS = False
    answers = [APIClient().get(CATALOGUE) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert "RateLimit" not in answers[0]


BAD_KEY = f"Api-Key ips_{'0' * 16}_{'0' * 64}"


@pytest.mark.parametrize("header", ["Bearer nonsense", BAD_KEY, "Api-Key nonsense"])
def test_bad_tokens_are_counted_for_the_address(
    db: None, limit: Callable[..., None], header: str
) -> None:
    limit(bad_tokens="2/day")
    answers = [
        APIClient().get("/api/v1/images/", HTTP_AUTHORIZATION=header, REMOTE_ADDR=address)
        for address in ("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2")
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 429, 401]
    assert int(answers[2]["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("auth/registration/verify-email/", {"key": "wrong"}),
        ("token/refresh/", {"refresh": "wrong"}),
        ("token/verify/", {"token": "wrong"}),
    ],
)
def test_bad_tokens_in_a_body_are_counted_for_the_address(
    db: None, limit: Callable[..., None], path: str, body: dict[str, str]
) -> None:
    limit(anon="2/day")
    answers = [APIClient().post(f"/api/v1/{path}", body) for _ in range(3)]
    assert answers[1].status_code in (400, 401)
    assert answers[2].status_code == 429


def test_a_change_of_the_address_is_limited(client: APIClient, limit: Callable[..., None]) -> None:
    user = client.get("/api/v1/auth/user/").json()
    limit(email_change="1/day")
    owner = User.objects.get(pk=user["pk"])
    owner.set_password("correct horse battery")
    owner.save()
    body = {"email": "new@example.com", "password": "correct horse battery"}
    answers = [client.patch("/api/v1/auth/user/", body).status_code for _ in range(2)]
    assert answers == [200, 429]

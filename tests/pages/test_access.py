"""Who may open which page, and where the others are sent."""

from __future__ import annotations

import pytest
from django.test import Client

PUBLIC = ["/", "/login/", "/signup/", "/forgot/", "/reset/", "/verify-email/"]
PRIVATE = ["/gallery/", "/image/", "/tasks/"]


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_for_strangers(path: str, stranger: Client) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 200
    assert b"<h1" in answer.getvalue()


@pytest.mark.parametrize("path", ["/", "/forgot/", "/reset/", "/verify-email/", *PRIVATE])
def test_members_open_all_others(path: str, member: Client) -> None:
    answer = member.get(path)
    assert answer.status_code == 200
    assert b"<h1" in answer.getvalue()


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(
    ("asked", "then"),
    [
        ("/gallery/", "/login/?next=/gallery/"),
        ("/gallery", "/login/?next=/gallery"),
        ("/image/?id=5&tab=a%20b", "/login/?next=/image/%3Fid%3D5%26tab%3Da%2520b"),
    ],
)
def test_private_pages_send_strangers_to_sign_in(
    method: str, asked: str, then: str, stranger: Client
) -> None:
    answer = getattr(stranger, method)(asked)
    assert (answer.status_code, answer["Location"]) == (302, then)
    assert answer["Cache-Control"] == "no-cache"
    assert "Cookie" in answer["Vary"]


def test_having_signed_in_they_arrive_where_they_wanted(stranger: Client, member: Client) -> None:
    asked = "/image/?id=5&tab=a%20b"
    signing_in = stranger.get(asked)["Location"]
    assert member.get(signing_in)["Location"] == asked


@pytest.mark.parametrize("path", ["/login/", "/login", "/signup/"])
def test_who_is_signed_in_need_not_sign_in(path: str, member: Client) -> None:
    answer = member.get(path)
    assert (answer.status_code, answer["Location"]) == (302, "/gallery/")
    assert "Cookie" in answer["Vary"]


@pytest.mark.parametrize(
    "foreign",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "evil.example",
        "",
    ],
)
def test_nobody_is_sent_to_another_place(foreign: str, member: Client) -> None:
    assert member.get("/login/", {"next": foreign})["Location"] == "/gallery/"


def test_a_remembered_page_is_no_way_past_signing_in(stranger: Client, member: Client) -> None:
    seen = member.get("/gallery/")
    assert seen.getvalue()
    again = stranger.get("/gallery/", headers={"If-None-Match": seen["ETag"]})
    assert again.status_code == 302

"""What logs hold of an address."""

from __future__ import annotations

import pytest

from utils.logged_addresses import shorten_address, shorten_addresses, shorten_path


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/", "/"),
        ("/api/v1/images/7/", "/api/v1/images/7/"),
        (
            "/tasks/0af76519-16cd-43dd-8448-eb211c80319c",
            "/tasks/0af76519-16cd-43dd-8448-eb211c80319c",
        ),
        ("/files/" + "a" * 37, "/files/aaaaaaaa..."),
        ("/files/" + "a" * 37 + "/" + "b" * 40, "/files/aaaaaaaa.../bbbbbbbb..."),
        ("/" + "ab/" * 100, "/" + "ab/" * 66 + "a..."),
        ("/" * 190 + "a" * 37, "/" * 190 + "a" * 8 + "..."),
    ],
)
def test_long_parts_of_a_path_are_cut(path: str, logged: str) -> None:
    assert shorten_path(path) == logged


@pytest.mark.parametrize(
    ("address", "logged"),
    [
        ("https://x.example/reset?uid=7&token=secret#part", "https://x.example/reset"),
        ("https://ann:secret@x.example:8/a", "https://x.example:8/a"),
        ("https://x.example/files/" + "s" * 40, "https://x.example/files/ssssssss..."),
        ("/verify-email?key=secret", "/verify-email"),
        ("http://[::1?token=secret", "http://[::1"),
        ("#secret", ""),
    ],
)
def test_an_address_loses_user_query_and_fragment(address: str, logged: str) -> None:
    assert shorten_address(address) == logged


@pytest.mark.parametrize(
    ("text", "logged"),
    [
        ("GET /reset?token=secret failed", "GET /reset failed"),
        ("'https://x.example/a?token=secret': 404", "'https://x.example/a': 404"),
        ("Connected to redis://:secret@127.0.0.1:6379/0", "Connected to redis://127.0.0.1:6379/0"),
        (
            "Is this application/json and/or a question?",
            "Is this application/json and/or a question?",
        ),
        ("pixels // 2 and ///", "pixels // 2 and ///"),
    ],
)
def test_addresses_in_a_text_are_shortened(text: str, logged: str) -> None:
    assert shorten_addresses(text) == logged

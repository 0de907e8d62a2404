"""Which file answers which address, and how long browsers may keep it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.test import Client

from tests.builders import export

HASHED = "/_next/static/chunks/main-4d5e6f.js"


def test_a_page_answers_with_and_without_its_slash(member: Client) -> None:
    with_slash, without = member.get("/gallery/"), member.get("/gallery")
    assert with_slash.getvalue() == without.getvalue() == export.page("gallery").encode()
    assert with_slash["Content-Type"] == 'text/html; charset="utf-8"'


def test_pages_are_asked_for_again_each_time(member: Client) -> None:
    first = member.get("/gallery/")
    assert first.getvalue()
    assert first["Cache-Control"] == "no-cache"
    assert "Cookie" in first["Vary"]
    again = member.get("/gallery/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.getvalue()) == (304, b"")
    # A browser takes the headers of a 304 for those of the page that it has.
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]
    assert again["Cache-Control"] == "no-cache"


def test_hashed_files_are_kept_for_a_year(stranger: Client) -> None:
    answer = stranger.get(HASHED)
    assert answer.getvalue() == export.CODE.encode()
    caching = {part.strip() for part in answer["Cache-Control"].split(",")}
    assert caching == {"public", "max-age=31536000", "immutable"}
    assert answer["Content-Type"].startswith("text/javascript")
    assert "Cookie" not in answer["Vary"]


@pytest.mark.parametrize("path", ["/icon.svg", "/gallery/index.txt"])
def test_other_files_are_asked_for_again(path: str, stranger: Client) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-cache"
    answer.getvalue()


def test_who_takes_gzip_gets_what_was_compressed_by_the_build(stranger: Client) -> None:
    for path, content in ((HASHED, export.CODE), ("/login/", export.page("login"))):
        answer = stranger.get(path, headers={"Accept-Encoding": "gzip, br"})
        assert answer["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in answer["Vary"]
        assert gzip.decompress(answer.getvalue()) == content.encode()


def test_head_has_the_headers_alone(member: Client) -> None:
    for path in ("/gallery/", HASHED):
        get, head = member.get(path), member.head(path)
        assert head.status_code == 200
        assert head["Content-Length"] == str(len(get.getvalue()))
        assert head["ETag"] == get["ETag"]
        assert head.getvalue() == b""


@pytest.mark.parametrize("path", ["/gallery/", "/login/", HASHED])
def test_nothing_else_is_done_with_pages(path: str, member: Client) -> None:
    for client in (member, Client(enforce_csrf_checks=True)):
        answer = client.post(path)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "path",
    [
        "/.built-from",
        "/index.html",
        "/gallery/index.html",
        "/404.html",
        "/404/",
        "/404",
        "/_not-found/",
        f"{HASHED}.gz",
        "/gallery/../login/",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/gallery//",
        "/GALLERY/",
        "/_next/static/chunks/",
        "/_next",
    ],
)
def test_what_is_no_page_and_no_file_of_one_is_not_found(
    path: str, root: Path, member: Client
) -> None:
    (root.parent / "secret.txt").write_text("secret")
    answer = member.get(path)
    assert answer.status_code == 404
    assert b"secret" not in answer.content


def test_what_was_there_before_the_page_still_is(member: Client, db: None) -> None:
    assert member.get("/healthz").status_code == 200
    assert member.get("/api/v1/operations/").json()
    assert member.get("/admin/login/").status_code == 200
    assert member.get("/admin").status_code in (301, 404)
    assert member.get("/files/nonsense").json()["code"]

"""Where there is nothing, people get a page and programs a problem."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.builders import export

PROBLEM = "application/problem+json"


@pytest.mark.parametrize("path", ["/nothing", "/gallery/nothing/"])
def test_a_browser_gets_the_page(path: str, stranger: Client) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
    assert answer.content.decode() == export.page("Nothing here")
    assert answer["Cache-Control"] == "no-cache"
    assert "Accept" in answer["Vary"]
    assert "'sha256-" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("accept", ["*/*", "application/json", "image/avif,image/webp,*/*", ""])
def test_a_program_gets_a_problem(accept: str, stranger: Client) -> None:
    answer = stranger.get("/nothing", headers={"accept": accept})
    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
    assert "Accept" in answer["Vary"]


@pytest.mark.parametrize("path", ["/api/nothing", "/api/v1/nothing/", "/api/"])
def test_the_api_answers_with_problems_whoever_asks(path: str, stranger: Client) -> None:
    answer = stranger.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)


def test_head_says_the_same(stranger: Client) -> None:
    answer = stranger.head("/nothing")
    assert (answer.status_code, answer.content) == (404, b"")


def test_without_a_page_there_are_problems_and_the_root_leads_to_the_api(settings: Any) -> None:
    settings.FRONTEND_ROOT = "/nonexistent"
    browser = Client(headers={"accept": "text/html"})
    assert browser.get("/gallery/")["Content-Type"] == PROBLEM
    assert browser.get("/")["Location"] == "/api/v1/docs/"

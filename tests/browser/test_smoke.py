"""The page is there, in a browser that takes its content policy seriously."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from playwright.sync_api import Page, expect

from tests.browser.watch import Watch
from tests.stack.service import Service

Open = Callable[[str], Page]


def test_the_landing_page_loads(open_page: Open) -> None:
    expect(open_page("/").get_by_role("heading", level=1)).to_be_visible()


def test_a_private_page_sends_strangers_to_sign_in(open_page: Open, site: Service) -> None:
    page = open_page("/image?id=5")
    assert page.url == f"{site.url}/login/?next=/image%3Fid%3D5"


def test_where_there_is_no_page_a_page_says_so(open_page: Open, watch: Watch) -> None:
    watch.allow(r"answer: 404 to GET .*/no-such-page$")
    page = open_page("/no-such-page")
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()


def test_everything_hashed_is_compressed_and_kept(site: Service) -> None:
    html = httpx.get(f"{site.url}/").text
    name = html.partition('src="/_next/static/')[2].partition('"')[0]
    answer = httpx.get(f"{site.url}/_next/static/{name}")
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]

"""The pages of the API's documentation send requests to this service only."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.watch import Watch
from tests.stack.service import Service

SLOW_MS = 60_000  # Redoc renders the whole document first


@pytest.mark.parametrize(
    ("path", "shown"),
    [("/api/v1/docs/", "/api/v1/presets/{id}/"), ("/api/v1/redoc/", "API docs by Redocly")],
)
def test_the_documentation_asks_no_other_host(
    context: BrowserContext, site: Service, path: str, shown: str
) -> None:
    watch = Watch(context, site.url)
    page = context.new_page()
    page.goto(path)
    expect(page.get_by_text(shown).first).to_be_visible(timeout=SLOW_MS)
    page.wait_for_load_state("networkidle")
    assert watch.faults == []

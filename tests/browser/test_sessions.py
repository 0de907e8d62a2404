"""Sessions that end while somebody is at work, in one tab or in several."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import jwt
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Request, Response, expect

from tests.browser.steps import PASSWORD, PHOTOS, path_of, sign_up, upload
from tests.browser.watch import Watch
from tests.stack.service import Service

REFUSED = r"^answer: 401 to "
PHOTO = PHOTOS / "astronaut.jpg"


@pytest.fixture
def refreshes(context: BrowserContext) -> list[Request]:
    """The requests for a new access token so far, of all tabs."""
    made: list[Request] = []

    def note(request: Request) -> None:
        if request.url.endswith("/token/refresh/"):
            made.append(request)

    context.on("request", note)
    return made


def expire_access(context: BrowserContext, site: Service) -> None:
    """Put in place of the access token one that is the same but for its time, which is over."""
    key = site.environment()["DJANGO_SECRET_KEY"]
    [cookie] = [one for one in context.cookies() if one.get("name") == "access"]
    claims = jwt.decode(cookie["value"], key, algorithms=["HS256"])
    over = {**claims, "iat": int(time.time()) - 600, "exp": int(time.time()) - 300}
    context.add_cookies(
        [{"name": "access", "value": jwt.encode(over, key), "url": site.url, "httpOnly": True}]
    )


def answered(path: str) -> Callable[[Response], bool]:
    """What the answer looks like that a page gets in the end."""
    return lambda answer: answer.ok and path in answer.url


def edit(page: Page, photo: Path = PHOTO) -> None:
    """Begin a pipeline of one step on a new image."""
    image = upload(page, photo)
    page.goto(f"/image/?id={image}")
    with page.expect_response(answered("/preview/")):
        add_step(page, "Blur")
    page.wait_for_load_state("networkidle")


def add_step(page: Page, name: str) -> None:
    search(page, name)
    page.keyboard.press("Enter")
    expect(step(page, name)).to_be_visible()


def search(page: Page, name: str) -> None:
    """Look for an operation; Enter adds it as a step."""
    page.get_by_role("button", name="Add a step").click()
    page.get_by_role("searchbox", name="Search steps").fill(name)
    expect(page.get_by_role("dialog").get_by_role("button", name=name).first).to_be_visible()


def lose_session(page: Page) -> None:
    """Go on with the pipeline when the session has gone, and be asked to sign in."""
    search(page, "Grayscale")
    for name in ("access", "refresh"):
        page.context.clear_cookies(name=name)
    page.keyboard.press("Enter")  # at once: anything that the page asks for meanwhile ends it, too
    page.wait_for_url("**/login/?next=*")


def step(page: Page, name: str) -> Locator:
    """The switch that only a step of the pipeline has."""
    return page.get_by_role("button", name=f"Switch off {name}", exact=True)


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail or user name").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_an_expired_access_token_is_renewed_without_a_word(
    page: Page, context: BrowserContext, site: Service, watch: Watch, refreshes: list[Request]
) -> None:
    sign_up(page)
    edit(page)
    watch.allow(REFUSED)
    expire_access(context, site)
    with page.expect_response(answered("/token/refresh/")):
        add_step(page, "Grayscale")
    page.wait_for_load_state("networkidle")  # also the previews of the new step have come
    assert path_of(page).startswith("/image/")
    assert len(refreshes) == 1


def test_a_lost_access_cookie_is_renewed_without_a_word(
    page: Page, context: BrowserContext, watch: Watch, refreshes: list[Request]
) -> None:
    sign_up(page)
    edit(page)
    watch.allow(REFUSED)
    context.clear_cookies(name="access")
    with page.expect_response(answered("/token/refresh/")):
        add_step(page, "Grayscale")
    page.wait_for_load_state("networkidle")  # also the previews of the new step have come
    assert path_of(page).startswith("/image/")
    assert len(refreshes) == 1


def test_the_requests_of_a_page_share_one_refresh(
    page: Page, context: BrowserContext, site: Service, watch: Watch, refreshes: list[Request]
) -> None:
    sign_up(page)
    refused: list[str] = []
    context.on("response", lambda a: refused.append(a.url) if a.status == 401 else None)
    watch.allow(REFUSED)
    expire_access(context, site)
    with page.expect_response(answered("/stats/")), page.expect_response(answered("/usage/")):
        page.goto("/dashboard/")
    assert len(refused) > 1, "the dashboard asks for several things at once"
    assert len(refreshes) == 1


def test_two_tabs_share_one_refresh(
    page: Page, context: BrowserContext, site: Service, watch: Watch, refreshes: list[Request]
) -> None:
    sign_up(page)
    other = context.new_page()
    watch.allow(REFUSED)
    expire_access(context, site)
    with page.expect_response(answered("/stats/")), other.expect_response(answered("/stats/")):
        for tab in (page, other):
            tab.goto("/dashboard/", wait_until="commit")
    assert len(refreshes) == 1


def test_who_signs_in_again_goes_on_with_their_steps(
    page: Page, context: BrowserContext, watch: Watch
) -> None:
    email = sign_up(page)
    edit(page)
    where = path_of(page)
    watch.allow(REFUSED)
    lose_session(page)
    expect(page.get_by_role("heading", name="Sign in again")).to_be_visible()
    sign_in(page, email)
    page.wait_for_url(f"**{where}")
    for name in ("Blur", "Grayscale"):
        expect(step(page, name)).to_be_visible()


def test_another_person_does_not_find_those_steps(
    page: Page, context: BrowserContext, watch: Watch
) -> None:
    sign_up(page)
    edit(page)
    watch.allow(REFUSED)
    watch.allow(r"^answer: 404 to ")  # the image is not theirs either
    lose_session(page)
    elsewhere = context.browser
    assert elsewhere is not None
    stranger = elsewhere.new_context(base_url=page.url)
    email = sign_up(stranger.new_page())
    stranger.close()
    sign_in(page, email)
    page.wait_for_url("**/image/?id=*")
    expect(page.get_by_role("alert").filter(has_text="It may have been deleted")).to_be_visible()
    kept = page.evaluate("Object.keys(localStorage).filter((key) => key.includes('pipeline:'))")
    assert kept == []


def test_a_tab_notices_that_another_one_signed_out(
    page: Page, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(REFUSED)  # what was asked in the moment of signing out
    sign_up(page)
    edit(page)
    other = context.new_page()
    other.goto("/gallery/", wait_until="networkidle")
    other.get_by_role("button", name="Your account").click()
    other.get_by_role("menuitem", name="Sign out").click()
    other.wait_for_url("**/")
    page.wait_for_url("**/login/?next=*")
    kept = page.evaluate("Object.keys(localStorage).filter((key) => key.includes('pipeline:'))")
    assert kept == []


def test_a_tab_at_the_sign_in_page_goes_on_when_another_one_signs_in(
    page: Page, context: BrowserContext, watch: Watch
) -> None:
    email = sign_up(page)
    edit(page)
    where = path_of(page)
    watch.allow(REFUSED)
    lose_session(page)
    other = context.new_page()
    other.goto("/login/")
    sign_in(other, email)
    page.wait_for_url(f"**{where}")

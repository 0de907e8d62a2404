"""Presigned links against a server that checks signatures and expiry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.utils.http import content_disposition_header

from image_processor.storage.link_window import LinkWindow
from image_processor.storage.s3 import PrivateS3Storage
from tests.servers.fetch import Fetched, fetch
from tests.servers.stores import Store

StorageOf = Callable[..., PrivateS3Storage]
KEY = "results/ab/cdef/0123.png"
OTHER_KEY = "results/ab/cdef/4567.png"


@pytest.fixture
def storage(s3rver: Store, storage_of: StorageOf) -> PrivateS3Storage:
    made = storage_of(s3rver)
    made.put(KEY, b"the bytes", "text/html")
    made.put(OTHER_KEY, b"other bytes", "text/html")
    return made


def link_of(storage: PrivateS3Storage, name: str = "photo.png") -> str:
    disposition = content_disposition_header(False, name)
    assert disposition is not None
    return storage.link(KEY, content_type="image/png", disposition=disposition)


@pytest.mark.parametrize(
    "name",
    [
        "photo.png",
        'it\'s "quoted" (1)! *.png',
        "a;b,c%20+=&?#~\\.png",
        "写真 фото 😀's (2).png",
    ],
)
def test_a_link_works(name: str, storage: PrivateS3Storage) -> None:
    fetched = fetch(link_of(storage, name))
    assert (fetched.status, fetched.body) == (200, b"the bytes"), fetched.body
    assert fetched.headers["Content-Type"] == "image/png"
    assert fetched.headers["Content-Disposition"] == content_disposition_header(False, name)
    assert fetched.headers["Cache-Control"] == "private, max-age=300"


def test_a_link_with_a_session_token_works(s3rver: Store, storage_of: StorageOf) -> None:
    storage_of(s3rver).put(KEY, b"the bytes", "image/png")
    temporary = storage_of(s3rver, security_token="a/session+token==")
    assert "X-Amz-Security-Token=a%2Fsession%2Btoken%3D%3D" in link_of(temporary)
    assert fetch(link_of(temporary)).body == b"the bytes"


@pytest.mark.parametrize(("token", "lifetime"), [(None, "86400"), ("a/session+token==", "300")])
def test_a_link_to_a_thumbnail_is_not_promised_beyond_the_session_that_signs_it(
    s3rver: Store, storage_of: StorageOf, token: str | None, lifetime: str
) -> None:
    storage = storage_of(s3rver, security_token=token)
    link = storage.link(
        KEY, content_type="image/png", disposition="inline", window=LinkWindow.of_thumbnails()
    )
    assert f"X-Amz-Expires={lifetime}&" in link


def test_a_link_of_the_window_before_still_works(
    storage: PrivateS3Storage, clock: Any, settings: Any
) -> None:
    settings.LINK_LIFETIME_SECONDS = 86_400
    fresh = link_of(storage)
    clock.now -= 43_200
    earlier = link_of(storage)
    assert earlier != fresh
    assert fetch(earlier).status == 200


def test_an_expired_link_is_refused(storage: PrivateS3Storage, clock: Any) -> None:
    clock.now -= 301
    refused = fetch(link_of(storage))
    assert refused.status == 403
    assert b"<Code>AccessDenied</Code><Message>Request has expired" in refused.body


def fetch_altered(link: str, **changes: str) -> Fetched:
    """Fetch the link with changes to its query."""
    parts = urlsplit(link)
    query = dict(parse_qsl(parts.query, strict_parsing=True))
    return fetch(parts._replace(query=urlencode(query | changes)).geturl())


def test_an_unaltered_link_works(storage: PrivateS3Storage) -> None:
    assert fetch_altered(link_of(storage)).status == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"X-Amz-Expires": "604800"},
        {"X-Amz-Date": "20991231T235959Z"},
        {"X-Amz-Signature": "0" * 64},
        {"X-Amz-SignedHeaders": "host;range"},
        {"X-Amz-Security-Token": "added"},
        {"response-content-type": "text/html"},
        {"response-content-disposition": "attachment"},
        {"response-cache-control": "public"},
        {"versionId": "1"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_an_altered_link_is_refused(changes: dict[str, str], storage: PrivateS3Storage) -> None:
    refused = fetch_altered(link_of(storage), **changes)
    assert refused.status == 403
    assert b"<Code>SignatureDoesNotMatch</Code>" in refused.body


def test_a_link_leads_to_its_own_object_only(storage: PrivateS3Storage, s3rver: Store) -> None:
    parts = urlsplit(link_of(storage))
    refused = fetch(parts._replace(path=f"/{s3rver.bucket}/{OTHER_KEY}").geturl())
    assert refused.status == 403
    assert b"<Code>SignatureDoesNotMatch</Code>" in refused.body


def test_a_link_of_other_keys_is_refused(
    storage: PrivateS3Storage, storage_of: StorageOf, s3rver: Store
) -> None:
    forged = link_of(storage_of(s3rver, secret_key="guessed"))
    assert b"<Code>SignatureDoesNotMatch</Code>" in fetch(forged).body
    unknown = link_of(storage_of(s3rver, access_key="NOBODY"))
    assert b"<Code>InvalidAccessKeyId</Code>" in fetch(unknown).body

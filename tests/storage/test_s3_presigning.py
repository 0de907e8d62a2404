"""Presigned links equal those that botocore signs at the start of the window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import botocore.auth
import pytest
from django.utils.http import content_disposition_header

from image_processor.storage.link_window import LinkWindow
from image_processor.storage.s3 import PrivateS3Storage
from tests.servers.stores import Store

StorageOf = Callable[..., PrivateS3Storage]

STORE = Store("http://127.0.0.1:9", "images", "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCY")
NAMES = [
    "photo.jpg",
    'it\'s "quoted" (1)! *.jpg',
    "a;b,c%20+=&?#~\\.jpg",
    "写真 фото 😀.jpg",
    "\N{CJK UNIFIED IDEOGRAPH-4E00}" * 255,
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("token", [None, "a/session+token=="])
def test_the_signature_equals_that_of_botocore(
    name: str,
    token: str | None,
    clock: Any,
    storage_of: StorageOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    storage = storage_of(STORE, security_token=token)
    window = LinkWindow.current()
    disposition = content_disposition_header(False, name)
    key = "results/ab/key with ~ünusual_characters.png"
    link = storage.link(key, content_type="image/png", disposition=disposition)

    start = datetime.fromtimestamp(window.start, UTC)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: start)
    expected = storage.connection.meta.client.generate_presigned_url(
        "get_object",
        Params={
            "Bucket": STORE.bucket,
            "Key": key,
            "ResponseContentType": "image/png",
            "ResponseContentDisposition": disposition,
            "ResponseCacheControl": "private, max-age=300",
        },
        ExpiresIn=300,
    )
    assert _parts(link) == _parts(expected)


def _parts(link: str) -> tuple[str, list[tuple[str, str]]]:
    parts = urlsplit(link)
    address = parts._replace(query="").geturl()
    return address, sorted(parse_qsl(parts.query, strict_parsing=True))


def test_keys_and_session_token_of_the_environment(
    storage_of: StorageOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDOFTHEENVIRONMENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token/of+the==environment")
    storage = storage_of(STORE, access_key="AKIDOFTHEENVIRONMENT", secret_key="secret")
    link = storage.link("key", content_type="image/png", disposition="inline")
    query = parse_qs(urlsplit(link).query)
    assert query["X-Amz-Security-Token"] == ["token/of+the==environment"]
    assert query["X-Amz-Credential"][0].startswith("AKIDOFTHEENVIRONMENT/")


@pytest.mark.parametrize(
    ("options", "address"),
    [
        ({"region_name": "us-east-1"}, "https://images.s3.amazonaws.com/key"),
        # Without the region, S3 answers with a redirect that breaks the signature.
        ({"region_name": "eu-central-1"}, "https://images.s3.eu-central-1.amazonaws.com/key"),
        (
            {"bucket_name": "my.images"},
            "https://s3.eu-central-1.amazonaws.com/my.images/key",
        ),
        ({"addressing_style": "path"}, "https://s3.eu-central-1.amazonaws.com/images/key"),
        ({"endpoint_url": "https://s3.example.com"}, "https://s3.example.com/images/key"),
        (
            {"endpoint_url": "https://s3.example.com", "addressing_style": "virtual"},
            "https://images.s3.example.com/key",
        ),
    ],
)
def test_addresses_of_links(options: dict[str, Any], address: str, storage_of: StorageOf) -> None:
    storage = storage_of(STORE, **{"endpoint_url": None, "addressing_style": "auto", **options})
    link = storage.link("key", content_type="image/png", disposition="inline")
    assert link.partition("?")[0] == address


def test_urls_of_django_s_storage_api_are_signed(storage_of: StorageOf) -> None:
    query = parse_qs(urlsplit(storage_of(STORE).url("key")).query)
    assert query["X-Amz-Expires"] == ["300"]
    assert query["X-Amz-Signature"]
